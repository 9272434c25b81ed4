package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.storage.gcs.StandInGcs;
import io.heimdex.archive.storage.gcs.StandInGcs.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * The service with its media in Google Cloud Storage: the real client and the real ffprobe, with a
 * stand-in for Google on loopback.
 */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GcsTests {

    private static final String UPLOAD = "/presigned/upload_url";
    private static final String ASSET_URI = "/presigned/asset_uri";

    @Autowired TestDatabase databases;
    @Autowired TestApi localApi;

    private final String database = "gcs_" + UUID.randomUUID().toString().replace("-", "");
    private StandInGcs gcs;
    private ConfigurableApplicationContext node;
    private TestApi api;
    private Client client;

    @BeforeAll
    void start() throws IOException {
        gcs = new StandInGcs();
        Stream.of("own", "media", "scanned", "foreign", "resumed", "locked", "pictured")
                .forEach(gcs::bucket);
        List<String> settings = new ArrayList<>(databases.create(database));
        settings.addAll(
                List.of(
                        "--heimdex.data-dir=target/test-data",
                        "--heimdex.local.first-run=false",
                        "--heimdex.storage.gcs.bucket=own",
                        "--heimdex.storage.gcs.deadline=3s",
                        "--heimdex.storage.gcs.request-timeout=1s",
                        "--heimdex.archives.acme=gs://media/tv",
                        "--heimdex.archives.walker=gs://scanned/films/",
                        "--heimdex.archives.demo=gs://foreign/demo",
                        "--heimdex.archives.resumed=gs://resumed/films",
                        "--heimdex.archives.locked=gs://locked",
                        "--heimdex.archives.pictured=gs://pictured",
                        "--spring.datasource.hikari.connection-init-sql="
                                + "set idle_in_transaction_session_timeout = '2s'",
                        "--heimdex.archives.nowhere=gs://not-there",
                        "--heimdex.pipeline.retry-delay=10ms",
                        "--server.port=0",
                        "--management.server.port=0",
                        "--logging.level.root=ERROR"));
        gcs.properties().forEach((name, value) -> settings.add("--" + name + "=" + value));
        node =
                new SpringApplicationBuilder(HeimdexApplication.class)
                        .run(settings.toArray(String[]::new));
        api = new TestApi((ServletWebServerApplicationContext) node);
        client = api.as("acme");
    }

    @AfterAll
    void stop() {
        node.close();
        gcs.close();
        databases.drop(database);
    }

    @AfterEach
    void calm() {
        gcs.clearFaults();
        gcs.pageSize(1000);
        gcs.delay(0);
    }

    @Test
    void aFileGoesStraightToTheBucketAndItsSidecarComesFromThere() throws IOException {
        byte[] bytes = sample("h264-aac.mp4");
        Answer init = init("clip ü.mp4", bytes, "video/mp4", StandInGcs.crc32c(bytes));

        assertThat(init.text(UPLOAD))
                .startsWith(gcs.url() + "/own/uploads/acme/")
                .containsPattern("X-Goog-Expires=3(600|5[0-9][0-9])&");
        assertThat(init.text(ASSET_URI))
                .startsWith("gs://own/uploads/acme/")
                .endsWith("/clip ü.mp4");
        assertThat(put(init, bytes)).isEqualTo(200);
        Answer committed = client.commit(init.text(ASSET_URI));
        String asset = committed.text("/asset_id");
        assertThat(asset).startsWith("weak:");

        Answer job = client.sidecarJob(asset);

        assertThat(job.text("/status")).isEqualTo("succeeded");
        Answer sidecar = client.get("/v1/assets/" + asset + "/sidecar");
        assertThat(sidecar.text("/video/codec")).isEqualTo("h264");
        assertThat(sidecar.text("/provenance/hash_quality")).isEqualTo("weak");
        assertThat(gcs.bytes("own", "derived/acme/sidecars/" + asset + ".vna.json"))
                .asString(StandardCharsets.UTF_8)
                .contains("\"asset_id\":\"" + asset + "\"");
    }

    @Test
    void theUploadUrlTakesWhatWasAnnouncedAndNothingElse() throws IOException {
        byte[] bytes = sample("tone.flac");
        Answer init = init("tone.flac", bytes, "audio/flac", null);

        assertThat(put(init, Arrays.copyOf(bytes, bytes.length - 1))).isEqualTo(400);
        assertThat(put(init, Arrays.copyOf(bytes, bytes.length + 1))).isEqualTo(400);
        assertThat(put(init, bytes, "content-type", "text/html")).isEqualTo(403);
        assertThat(put(init, bytes, "x-goog-content-length-range", "0,999999")).isEqualTo(403);
        String other = init.text(UPLOAD).replace("/acme/", "/other/");
        assertThat(
                        client.send(
                                        "PUT",
                                        other,
                                        BodyPublishers.ofByteArray(bytes),
                                        flat(headers(init)))
                                .status())
                .isEqualTo(403);
        assertThat(client.commit(init.text(ASSET_URI)).code()).isEqualTo("source_not_found");

        assertThat(put(init, bytes)).isEqualTo(200);
        assertThat(put(init, bytes)).isEqualTo(412);
        assertThat(client.commit(init.text(ASSET_URI)).status()).isEqualTo(200);
    }

    @Test
    void anUploadThatIsNotWhatWasDeclaredIsNotCommitted() throws IOException {
        byte[] bytes = sample("tone.flac");
        Answer wrong = init("a.flac", bytes, "audio/flac", StandInGcs.crc32c(new byte[1]));
        put(wrong, bytes);

        assertThat(client.commit(wrong.text(ASSET_URI)).code()).isEqualTo("checksum_mismatch");

        Answer half = init("b.flac", bytes, "audio/flac", null);
        gcs.put("own", half.text(ASSET_URI).substring("gs://own/".length()), new byte[3]);

        assertThat(client.commit(half.text(ASSET_URI)).code()).isEqualTo("size_mismatch");
    }

    @Test
    void anObjectOfTheArchiveIsCommittedWithoutBeingRead() throws IOException {
        gcs.put("media", "tv/a.mp4", sample("h264-aac.mp4"));
        long before = gcs.mediaBytes();

        Answer committed = client.commit("gs://media/tv/a.mp4");

        assertThat(committed.status()).isEqualTo(200);
        assertThat(gcs.mediaBytes()).isEqualTo(before);
        assertThat(client.commit("gs://media/tv/a.mp4").text("/asset_id"))
                .isEqualTo(committed.text("/asset_id"));
    }

    @Test
    void aStrongIdIsHadForTheAsking() throws IOException {
        gcs.put("media", "tv/strong.flac", sample("tone.flac"));
        Map<String, @Nullable Object> always = new HashMap<>();
        always.put("source_uri", "gs://media/tv/strong.flac");
        always.put("weak_threshold_bytes", null);

        assertThat(client.post("/v1/ingest/commit", always).text("/asset_id"))
                .startsWith("sha256:");
    }

    @ParameterizedTest
    @CsvSource({
        "gs://media/movies/a.mp4,    403, source_forbidden",
        "gs://foreign/demo/a.mp4,    403, source_forbidden",
        "gs://own/uploads/other/x/a, 403, source_forbidden",
        "gs://media/tv/absent.mp4,   404, source_not_found",
        "gs://media,                 400, invalid_source_uri",
        "file:///etc/passwd,         400, scheme_not_allowed",
        "http://127.0.0.1/a,         400, scheme_not_allowed"
    })
    void whatIsNotTheOrgsIsNotTaken(String uri, int status, String code) throws IOException {
        gcs.put("media", "movies/a.mp4", sample("h264-aac.mp4"));
        gcs.put("foreign", "demo/a.mp4", sample("h264-aac.mp4"));

        Answer answer = client.commit(uri);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
    }

    @Test
    void oddNamesAreTakenAsTheyAreOrRefused() throws IOException {
        for (String name : List.of("tv/../odd.flac", "tv/a#b?c.flac", "tv/" + "x".repeat(1021))) {
            gcs.put("media", name, sample("tone.flac"));
            String asset = client.commit("gs://media/" + name).text("/asset_id");

            assertThat(client.sidecarJob(asset).text("/status")).as(name).isEqualTo("succeeded");
        }
        assertThat(client.commit("gs://media/tv/a\nb.flac").code()).isEqualTo("invalid_source_uri");
        assertThat(client.commit("gs://media/tv/" + "x".repeat(1022)).code())
                .isEqualTo("invalid_source_uri");
    }

    @Test
    void badObjectsHaveTheirCodes() throws IOException {
        gcs.put("media", "tv/empty.mp4", new byte[0]);
        gcs.put("media", "tv/text.mp4", "no media".getBytes(StandardCharsets.UTF_8));
        gcs.putEncrypted("media", "tv/sealed.mp4", sample("h264-aac.mp4"));
        gcs.putComposite("media", "tv/composite.mp4", sample("h264-aac.mp4"));

        assertThat(probe("gs://media/tv/empty.mp4").code()).isEqualTo("empty_file");
        assertThat(probe("gs://media/tv/text.mp4").code()).isEqualTo("invalid_media");
        assertThat(probe("gs://media/tv/sealed.mp4").code()).isEqualTo("source_encrypted");
        assertThat(probe("gs://media/tv/composite.mp4").text("/video/codec")).isEqualTo("h264");
        gcs.fault(new Fault.Status("forbidden.mp4", 403));
        assertThat(probe("gs://media/tv/forbidden.mp4").code()).isEqualTo("source_forbidden");
    }

    /** ffprobe may speak HTTP here, but only about its own object. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nCANARY/a.ts\n#EXT-X-ENDLIST\n",
                "ffconcat version 1.0\nfile 'CANARY/a.ts'\n",
                """
                <?xml version="1.0"?>
                <MPD profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" type="static">
                <Period><AdaptationSet mimeType="video/mp4">
                <Representation id="1" bandwidth="1" mimeType="video/mp4"><BaseURL>CANARY/a.mp4</BaseURL>
                <SegmentBase><Initialization range="0-9"/></SegmentBase></Representation>
                </AdaptationSet></Period></MPD>
                """,
                "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n"
            })
    void aPlaylistReachesNobody(String playlist) throws IOException {
        HttpServer canary =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger visits = new AtomicInteger();
        canary.createContext(
                "/",
                exchange -> {
                    visits.incrementAndGet();
                    exchange.close();
                });
        canary.start();
        try {
            String url = "http://127.0.0.1:" + canary.getAddress().getPort();
            gcs.put(
                    "media",
                    "tv/list.mp4",
                    playlist.replace("CANARY", url).getBytes(StandardCharsets.UTF_8));

            assertThat(probe("gs://media/tv/list.mp4").code())
                    .isIn("invalid_media", "unsupported_format");
            assertThat(visits).hasValue(0);
        } finally {
            canary.stop(0);
        }
    }

    @Test
    void aReplacedObjectIsNotProbedForTheOldOne() throws IOException {
        gcs.put("media", "tv/replaced.flac", sample("tone.flac"));
        String asset = client.commit("gs://media/tv/replaced.flac").text("/asset_id");
        gcs.put("media", "tv/replaced.flac", sample("tone.flac"));

        assertThat(client.sidecarJob(asset).text("/error/code")).isEqualTo("source_changed");

        gcs.delete("media", "tv/replaced.flac");

        assertThat(client.sidecarJob(asset).text("/error/code")).isEqualTo("source_not_found");
    }

    @Test
    void anObjectThatIsReplacedWhileItIsProbedHasChanged() throws IOException {
        gcs.put("media", "tv/moving.flac", sample("tone.flac"));
        // The first request, for its facts, passes.
        gcs.fault(new Fault.None("tv/moving.flac"));
        gcs.fault(new Fault.Replaced("tv/moving.flac"));

        assertThat(probe("gs://media/tv/moving.flac").code()).isEqualTo("source_changed");
    }

    @Test
    void faultsThatPassAreNotNoticed() throws IOException {
        gcs.put("media", "tv/shaky.flac", sample("tone.flac"));
        gcs.fault(new Fault.Status("tv/shaky.flac", 503));
        gcs.fault(new Fault.None("tv/shaky.flac"));
        gcs.fault(new Fault.Status("tv/shaky.flac", 429));
        gcs.fault(new Fault.Cut("tv/shaky.flac"));

        assertThat(probe("gs://media/tv/shaky.flac").text("/audio/codec")).isEqualTo("flac");
        assertThat(gcs.faultsLeft()).isZero();
    }

    @Test
    void aBucketThatStaysAwayIsNoFaultOfTheFile() throws IOException {
        gcs.put("media", "tv/away.flac", sample("tone.flac"));
        gcs.fault(new Fault.None("tv/away.flac"));
        Stream.generate(() -> new Fault.Status("tv/away.flac", 503)).limit(60).forEach(gcs::fault);

        Answer answer = probe("gs://media/tv/away.flac");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("storage_unavailable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h264-aac.mp4",
                "chapters-subtitles.mkv",
                "vp9-opus.webm",
                "prores-timecode.mov",
                "tone-with-cover.mp3",
                "tone-mono-8khz.wav",
                "test-pattern.jpg"
            })
    void anObjectIsProbedAsAFileIs(String name) throws IOException {
        gcs.put("media", "tv/" + name, sample(name));
        JsonNode remote = probe("gs://media/tv/" + name).json();
        JsonNode local = localSidecar(name);

        for (String part : List.of("format", "video", "audio", "streams", "warnings")) {
            assertThat(remote.has(part)).as(part).isTrue();
            assertThat(remote.path(part)).as(part).isEqualTo(local.path(part));
        }
    }

    private JsonNode localSidecar(String name) {
        Client demo = localApi.as("demo");
        return demo.post(
                        "/v1/ingest/probe",
                        Map.of(
                                "source_uri",
                                TestApi.sample(name).toAbsolutePath().toUri().toString()))
                .json();
    }

    @Test
    void aScanTakesTheBucketsFolderAndNoticesWhatChanges() throws IOException {
        Client walker = api.as("walker");
        for (int i = 0; i < 5; i++) {
            gcs.put("scanned", "films/%d.flac".formatted(i), sample("tone.flac"));
        }
        gcs.put("scanned", "films/folder/", new byte[0]);
        gcs.put("scanned", "films/a\nb.flac", sample("tone.flac"));
        gcs.put("scanned", "films/text.txt", "no media".getBytes(StandardCharsets.UTF_8));
        gcs.put("scanned", "others/x.flac", sample("tone.flac"));
        gcs.pageSize(3);

        Answer first = scan(walker);

        assertThat(counts(first)).isEqualTo("total=7 succeeded=5 failed=2 unchanged=0 missing=0");

        Answer second = scan(walker);
        assertThat(counts(second)).isEqualTo("total=7 succeeded=0 failed=1 unchanged=6 missing=0");

        gcs.put("scanned", "films/0.flac", sample("tone.flac"));
        gcs.delete("scanned", "films/1.flac");
        gcs.put("scanned", "films/9.flac", sample("tone.flac"));

        Answer third = scan(walker);
        assertThat(counts(third)).isEqualTo("total=7 succeeded=2 failed=1 unchanged=4 missing=1");
    }

    @Test
    void aScanThatWasStoppedGoesOnWhereItWas() throws IOException {
        Client resumed = api.as("resumed");
        for (int i = 10; i < 40; i++) {
            gcs.put("resumed", "films/%d.flac".formatted(i), sample("tone.flac"));
        }
        gcs.pageSize(3);
        gcs.delay(200);
        int before = gcs.startOffsets().size();
        String job = resumed.post("/v1/jobs", Map.of("type", "scan")).text("/job_id");
        await("some pages are read").until(() -> gcs.startOffsets().size() > before + 3);
        resumed.post("/v1/jobs/" + job + "/stop", Map.of());
        assertThat(resumed.finished(job).text("/status")).isEqualTo("stopped");
        gcs.delay(0);
        assertThat(gcs.startOffsets()).hasSizeLessThan(before + 10);
        int pages = gcs.startOffsets().size();

        resumed.post("/v1/jobs/" + job + "/restart", Map.of("only", "unfinished"));

        Answer ended = resumed.finished(job);
        assertThat(counts(ended)).isEqualTo("total=30 succeeded=30 failed=0 unchanged=0 missing=0");
        assertThat(gcs.startOffsets().get(pages)).startsWith("films/");
        assertThat(gcs.startOffsets().size() - before).isLessThan(10 + 4);
    }

    /** A session that waits in a transaction for the bucket would be ended after two seconds. */
    @Test
    void aRunPutsItsPicturesIntoTheBucketAndWaitsForItInNoTransaction() throws IOException {
        Client pictured = api.as("pictured");
        for (int i = 0; i < 6; i++) {
            gcs.put("pictured", i + ".mp3", sample("tone-with-cover.mp3"));
        }
        assertThat(counts(scan(pictured)))
                .isEqualTo("total=6 succeeded=6 failed=0 unchanged=0 missing=0");
        Stream.generate(() -> new Fault.Late("derived/pictured/sidecars/", 500))
                .limit(40)
                .forEach(gcs::fault);

        Answer run =
                pictured.finished(
                        pictured.post(
                                        "/v1/jobs",
                                        Map.of(
                                                "type",
                                                "thumbnails",
                                                "select",
                                                Map.of("which", "missing")))
                                .text("/job_id"));

        assertThat(run.text("/status")).isEqualTo("succeeded");
        assertThat(gcs.faultsLeft()).as("each copy is written once").isEqualTo(34);
        JsonNode asset = pictured.get("/v1/assets?limit=1").json().at("/items/0");
        String poster = "derived/" + asset.at("/thumbnails/0/storage_key").asString();
        assertThat(gcs.contentType("own", poster)).isEqualTo("image/jpeg");
        assertThat(gcs.cacheControl("own", poster)).isEqualTo("private, no-cache");
        assertThat(gcs.bytes("own", "derived/" + asset.at("/sidecar/storage_key").asString()))
                .asString(StandardCharsets.UTF_8)
                .contains("/poster.jpg");
    }

    @Test
    void aDeepProbeReadsTheObjectThroughUsToo() throws IOException {
        gcs.put("media", "tv/deep.mp4", sample("h264-aac.mp4"));
        String asset = client.commit("gs://media/tv/deep.mp4").text("/asset_id");

        client.finished(
                client.post(
                                "/v1/jobs",
                                Map.of(
                                        "type",
                                        "reprobe",
                                        "select",
                                        Map.of("asset_ids", List.of(asset)),
                                        "options",
                                        Map.of("deep", true)))
                        .text("/job_id"));

        Answer sidecar = client.get("/v1/assets/" + asset + "/sidecar");
        assertThat(sidecar.json().at("/deep/frame_count").asInt()).isEqualTo(50);
        assertThat(sidecar.json().at("/deep/loudness/integrated_lufs").isNumber()).isTrue();
    }

    @Test
    void aBucketThatTheServiceMayNotListFailsTheScanAndLosesNothing() {
        gcs.fault(new Fault.Status("locked/", 403));

        Answer job = scan(api.as("locked"));

        assertThat(job.text("/status")).isEqualTo("failed");
        assertThat(job.text("/error/code")).isEqualTo("source_forbidden");
    }

    @Test
    void aBucketThatIsNotThereFailsTheScan() {
        Answer job = scan(api.as("nowhere"));

        assertThat(job.text("/status")).isEqualTo("failed");
        assertThat(job.text("/error/code")).isEqualTo("archive_not_found");
    }

    private Answer scan(Client walker) {
        return walker.finished(walker.post("/v1/jobs", Map.of("type", "scan")).text("/job_id"));
    }

    private static String counts(Answer job) {
        JsonNode counts = job.json().at("/result/counts");
        return Stream.of("total", "succeeded", "failed", "unchanged", "missing")
                .map(name -> name + "=" + counts.path(name).asInt())
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
    }

    private Answer init(String name, byte[] bytes, String type, @Nullable String crc32c) {
        Map<String, Object> request = new HashMap<>();
        request.put("source_name", name);
        request.put("content_length", bytes.length);
        request.put("content_type", type);
        if (crc32c != null) {
            request.put("checksum", Map.of("algorithm", "crc32c", "value", crc32c));
        }
        Answer init = client.post("/v1/ingest/init", request);
        assertThat(init.status()).isEqualTo(201);
        return init;
    }

    /** As a client would: what init told, and no token. */
    private int put(Answer init, byte[] bytes, String... changed) {
        Map<String, String> headers = headers(init);
        for (int i = 0; i < changed.length; i += 2) {
            headers.put(changed[i], changed[i + 1]);
        }
        return api.withToken(null)
                .send(
                        init.text("/presigned/method"),
                        init.text(UPLOAD),
                        BodyPublishers.ofByteArray(bytes),
                        flat(headers))
                .status();
    }

    private static Map<String, String> headers(Answer init) {
        Map<String, String> headers = new HashMap<>();
        init.json()
                .at("/presigned/headers")
                .properties()
                .forEach(header -> headers.put(header.getKey(), header.getValue().asString()));
        return headers;
    }

    private static String[] flat(Map<String, String> headers) {
        return headers.entrySet().stream()
                .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                .toArray(String[]::new);
    }

    private Answer probe(String uri) {
        return client.post("/v1/ingest/probe", Map.of("source_uri", uri));
    }

    private static byte[] sample(String name) throws IOException {
        return Files.readAllBytes(TestApi.sample(name));
    }
}
