package io.heimdex.archive.asset;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What an archive is made of, counted as it changes. */
@ServiceTest
class ArchiveSummaryTests {

    /** One statement, so that both sides are of one moment. */
    private static final String WRONG_TALLIES =
            """
            select org_id from (
                select org_id, sum(queued) as queued, sum(processing) as processing, sum(ready) as ready,
                       sum(failed) as failed, sum(bytes) as bytes
                from asset_tally group by org_id) tallied
            full join (
                select org_id, count(*) filter (where status = 'queued') as queued,
                       count(*) filter (where status = 'processing') as processing,
                       count(*) filter (where status = 'ready') as ready,
                       count(*) filter (where status = 'failed') as failed, sum(size_bytes) as bytes
                from asset group by org_id) counted
            using (org_id)
            where (coalesce(tallied.queued, 0), coalesce(tallied.processing, 0), coalesce(tallied.ready, 0),
                   coalesce(tallied.failed, 0), coalesce(tallied.bytes, 0))
               <> (coalesce(counted.queued, 0), coalesce(counted.processing, 0), coalesce(counted.ready, 0),
                   coalesce(counted.failed, 0), coalesce(counted.bytes, 0))
            union all
            select org_id from (
                select org_id, traits, sum(sidecars) as sidecars from sidecar_tally group by org_id, traits) tallied
            full join (
                select org_id, traits, count(*) as sidecars from sidecar group by org_id, traits) counted
            using (org_id, traits)
            where coalesce(tallied.sidecars, 0) <> coalesce(counted.sidecars, 0)
            """;

    @Autowired TestApi api;
    @Autowired JdbcClient jdbc;
    @Autowired Assets assets;
    @Autowired AssetTallies tallies;

    private final String org = TestApi.newOrg();

    @Test
    void anArchiveIsCountedAsItChanges() throws IOException {
        Client client = api.as(org);
        assertThat(client.get("/v1/assets/summary").response().body())
                .isEqualTo(
                        """
                        {"total":0,"total_bytes":0,"by_status":[],"by_container":[],"by_video_codec":[],\
                        "by_resolution":[],"by_duration":[],"by_hdr_class":[]}\
                        """);

        byte[] good = sample("h264-aac.mp4");
        byte[] bad = sample("truncated-no-moov.mp4");
        String video = client.asset("video.mp4", good);
        String broken = client.asset("broken.mp4", bad);
        assertThat(counts("by_status")).isEqualTo(Map.of("queued", 2L));
        assertThat(summary().path("total").asLong()).isEqualTo(2);
        assertThat(summary().path("total_bytes").asLong()).isEqualTo(good.length + bad.length);

        client.sidecarJob(video);
        client.sidecarJob(broken);
        assertThat(counts("by_status")).isEqualTo(Map.of("ready", 1L, "failed", 1L));
        assertThat(counts("by_container")).isEqualTo(Map.of("mov,mp4,m4a,3gp,3g2,mj2", 1L));

        client.sidecarJob(video);
        assertThat(counts("by_container")).isEqualTo(Map.of("mov,mp4,m4a,3gp,3g2,mj2", 1L));

        client.delete("/v1/assets/" + video);
        assertThat(counts("by_status")).isEqualTo(Map.of("failed", 1L));
        assertThat(summary().path("total_bytes").asLong()).isEqualTo(bad.length);
        assertThat(counts("by_container")).isEmpty();
    }

    @Test
    void everyKeyOfItShowsItsAssetsInTheList() throws IOException {
        Client client = api.as(org);
        for (String name :
                List.of(
                        "h264-aac.mp4",
                        "vp9-opus.webm",
                        "prores-timecode.mov",
                        "tone-mono-8khz.wav",
                        "test-pattern.jpg",
                        "truncated-no-moov.mp4")) {
            client.sidecarJob(client.asset(name, sample(name)));
        }

        JsonNode summary = summary();

        assertThat(summary.path("total").asLong()).isEqualTo(6);
        assertThat(counts("by_resolution")).containsEntry("none", 1L);
        assertThat(counts("by_duration")).containsEntry("unknown", 1L);
        Map<String, String> filters =
                Map.of(
                        "by_status", "status",
                        "by_container", "container",
                        "by_video_codec", "video_codec",
                        "by_resolution", "resolution",
                        "by_duration", "duration",
                        "by_hdr_class", "hdr_class");
        filters.forEach((list, filter) -> {
            assertThat(summary.path(list).size()).as(list).isPositive();
            for (JsonNode entry : summary.path(list)) {
                String query = filter + "=" + entry.path("key").asString();
                assertThat(client.get("/v1/assets?" + query).json().path("items").size())
                        .as(query)
                        .isEqualTo(entry.path("count").asInt());
            }
        });
    }

    @Test
    void theMostFrequentComeFirstAndTheRestTogether() {
        IntStream.rangeClosed(1, 23)
                .forEach(i ->
                        describe(i * 100, i + 1, video("codec%02d".formatted(i), 1920, 1080, 7)));

        JsonNode codecs = summary().path("by_video_codec");

        assertThat(codecs).hasSize(21);
        assertThat(codecs.at("/0/key").asString()).isEqualTo("codec23");
        assertThat(codecs.at("/0/count").asInt()).isEqualTo(24);
        assertThat(codecs.at("/19/key").asString()).isEqualTo("codec04");
        assertThat(codecs.at("/20/key").asString()).isEqualTo("other");
        assertThat(codecs.at("/20/count").asInt()).isEqualTo(2 + 3 + 4);
    }

    @Test
    void resolutionsAndDurationsComeInTheirOwnOrder() {
        describe(1, 2, video("h264", 7680, 4320, 7200));
        describe(3, 1, video("h264", 720, 576, 5));
        describe(4, 1, video("h264", 1920, 1080, 100));

        assertThat(keys("by_resolution")).containsExactly("sd", "full_hd", "uhd_8k");
        assertThat(keys("by_duration")).containsExactly("under_1m", "under_10m", "over_1h");
    }

    @ParameterizedTest
    @CsvSource({
        "720,  576,  sd",
        "1024, 576,  sd",
        "1280, 534,  hd",
        "720,  1280, hd",
        "960,  720,  hd",
        "1280, 1024, hd",
        "1920, 800,  full_hd",
        "1440, 1080, full_hd",
        "1080, 1920, full_hd",
        "2048, 1080, full_hd",
        "2560, 1440, full_hd",
        "3840, 1600, uhd_4k",
        "4096, 2160, uhd_4k",
        "2880, 2160, uhd_4k",
        "7680, 3200, uhd_8k",
        "4320, 7680, uhd_8k",
        "0,    0,    none"
    })
    void aPictureIsAsLargeAsItsMoreTellingSide(int width, int height, String resolution) {
        assertThat(traits(video("h264", width, height, 1)))
                .isEqualTo("mov h264 " + resolution + " under_1m sdr");
    }

    @ParameterizedTest
    @CsvSource({
        "0.04, under_1m",
        "59.99, under_1m",
        "60, under_10m",
        "599.9, under_10m",
        "600, under_1h",
        "3599.99, under_1h",
        "3600, over_1h",
        "1.0E7, over_1h",
        "null, unknown"
    })
    void aDurationHasItsPlace(String seconds, String duration) {
        assertThat(
                        traits(
                                "{\"format\":{\"container\":\"wav\",\"duration_s\":%s},\"video\":null}"
                                        .formatted(seconds)))
                .isEqualTo("wav - none " + duration + " -");
    }

    @Test
    void talliesAreExactWhoeverChangesWhatAtTheSameTime() throws Exception {
        OrgId shared = new OrgId(org);
        describe(0, 40, video("h264", 640, 360, 7));
        List<AssetId> ids = IntStream.range(0, 40).mapToObj(ArchiveSummaryTests::id).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            List<Assets.FailedProbe> none = List.of();
            for (int round = 0; round < 20; round++) {
                int n = round;
                threads.execute(() ->
                        assets.setStatus(shared, ids.subList(n, n + 20), Asset.Status.PROCESSING));
                threads.execute(() -> assets.record(shared, ids.subList(n, n + 10), none));
                threads.execute(() -> describeAnew(ids.get(n), video("hevc", 3840, 2160, n)));
                threads.execute(() -> assets.remove(shared, List.of(ids.get(2 * n))));
                threads.execute(tallies::fold);
            }
        }

        assertThat(wrong()).isEmpty();
        tallies.fold();
        assertThat(wrong()).isEmpty();
        assertThat(
                        jdbc.sql("select count(*) from asset_tally where org_id = ?")
                                .param(org)
                                .query(Integer.class)
                                .single())
                .isEqualTo(1);
        assertThat(summary().path("total").asInt()).isEqualTo(20);
    }

    @Test
    void nobodyElsesAssetsAreCounted() throws IOException {
        api.as(org).asset("video.mp4", sample("h264-aac.mp4"));

        assertThat(
                        api.as(TestApi.newOrg(), Scope.MEDIA_READ)
                                .get("/v1/assets/summary")
                                .json()
                                .path("total")
                                .asInt())
                .isZero();
    }

    private List<String> wrong() {
        return jdbc.sql(WRONG_TALLIES).query((row, _) -> row.getString(1)).list();
    }

    private String traits(String document) {
        return jdbc.sql("select sidecar_traits(:document::jsonb)")
                .param("document", document)
                .query(String.class)
                .single();
    }

    private static String video(String codec, int width, int height, int seconds) {
        return """
        {"format":{"container":"mov","duration_s":%d},
         "video":{"codec":"%s","width_px":%d,"height_px":%d,"hdr":{"class":"sdr"}}}\
        """
                .formatted(seconds, codec, width, height);
    }

    private static AssetId id(int number) {
        return new AssetId("sha256:%064d".formatted(number));
    }

    /** Puts assets with such a document into the catalogue. */
    private void describe(int first, int count, String document) {
        jdbc.sql(
                        """
                        insert into asset (org_id, asset_id, source_uri, filename, size_bytes, status)
                        select :org, 'sha256:' || lpad(n::text, 64, '0'), 'file:///' || n, n || '.mp4', 7, 'ready'
                        from generate_series(:first, :first + :count - 1) n
                        """)
                .param("org", org)
                .param("first", first)
                .param("count", count)
                .update();
        jdbc.sql(
                        """
                        insert into sidecar (org_id, asset_id, schema_version, prober_version, document, etag)
                        select :org, 'sha256:' || lpad(n::text, 64, '0'), '1.0.0', 'x', :document::jsonb, 'x'
                        from generate_series(:first, :first + :count - 1) n
                        """)
                .param("org", org)
                .param("first", first)
                .param("count", count)
                .param("document", document)
                .update();
    }

    private void describeAnew(AssetId id, String document) {
        jdbc.sql("update sidecar set document = ?::jsonb where org_id = ? and asset_id = ?")
                .params(document, org, id.value())
                .update();
    }

    private JsonNode summary() {
        Answer answer = api.as(org, Scope.MEDIA_READ).get("/v1/assets/summary");
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

    private List<String> keys(String list) {
        return summary()
                .path(list)
                .valueStream()
                .map(entry -> entry.path("key").asString())
                .toList();
    }

    private Map<String, Long> counts(String list) {
        return summary()
                .path(list)
                .valueStream()
                .collect(
                        Collectors.toMap(
                                entry -> entry.path("key").asString(),
                                entry -> entry.path("count").asLong(),
                                Long::sum,
                                TreeMap::new));
    }

    private static byte[] sample(String name) throws IOException {
        return Files.readAllBytes(TestApi.sample(name));
    }
}
