package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What an org has, found by what its sidecars say. */
@ServiceTest
class AssetListTests {

    private static final Path DERIVED = Path.of("target/test-data/derived");

    @Autowired TestApi api;

    private Client client;
    private String video;
    private String sound;
    private String broken;
    private String fresh;

    @BeforeEach
    void assets() throws IOException {
        client = api.as(TestApi.newOrg());
        video = client.asset("video.mp4", sample("h264-aac.mp4"));
        sound = client.asset("sound.wav", sample("tone-mono-8khz.wav"));
        broken = client.asset("broken.mp4", sample("truncated-no-moov.mp4"));
        fresh = client.asset("fresh.mp3", sample("tone-with-cover.mp3"));
        client.sidecarJob(video);
        client.sidecarJob(sound);
        client.sidecarJob(broken);
    }

    private static byte[] sample(String name) throws IOException {
        return Files.readAllBytes(TestApi.sample(name));
    }

    @Test
    void anOrgSeesAllItsAssetsAndNobodyElses() {
        assertThat(ids("")).containsExactlyInAnyOrder(video, sound, broken, fresh);
        assertThat(ids(api.as(TestApi.newOrg()), "")).isEmpty();
    }

    @Test
    void assetsAreFoundByTheirState() {
        assertThat(ids("status=ready")).containsExactlyInAnyOrder(video, sound);
        assertThat(ids("status=failed")).containsExactly(broken);
        assertThat(ids("status=queued")).containsExactly(fresh);
        assertThat(ids("failure_code=invalid_media")).containsExactly(broken);
        assertThat(ids("failure_code=probe_timeout")).isEmpty();
    }

    @Test
    void assetsAreFoundByWhatIsInThem() {
        assertThat(ids("container=mp4")).containsExactly(video);
        assertThat(ids("container=mov,mp4,m4a,3gp,3g2,mj2")).containsExactly(video);
        assertThat(ids("container=wav")).containsExactly(sound);
        assertThat(ids("container=av")).isEmpty();
        assertThat(ids("video_codec=h264")).containsExactly(video);
        assertThat(ids("video_codec=hevc")).isEmpty();
        assertThat(ids("container=mp4&video_codec=h264&status=ready")).containsExactly(video);
    }

    @Test
    void assetsAreFoundByTheirResolutionDurationAndDynamicRange() {
        assertThat(ids("hdr_class=sdr")).containsExactly(video);
        assertThat(ids("hdr_class=hdr10")).isEmpty();
        assertThat(ids("resolution=none")).containsExactly(sound);
        assertThat(ids("resolution=uhd_8k")).isEmpty();
        assertThat(ids("duration=under_1m")).containsExactlyInAnyOrder(video, sound);
        assertThat(ids("duration=over_1h")).isEmpty();
        assertThat(
                        ids(
                                "duration=under_1m&video_codec=h264&container=mp4&status=ready&hdr_class=sdr"))
                .containsExactly(video);
        assertThat(ids("duration=under_1m&status=failed")).isEmpty();
    }

    @Test
    void assetsAreFoundByAPartOfTheirFilesName() throws IOException {
        assertThat(ids("q=video")).containsExactly(video);
        assertThat(ids("q=.MP4")).containsExactlyInAnyOrder(video, broken);
        assertThat(ids("q=ide")).containsExactly(video);
        assertThat(ids("q=_ide")).isEmpty();
        assertThat(ids("q=%25o%25")).isEmpty();
        assertThat(ids("q=.mp4&status=failed")).containsExactly(broken);
        assertThat(ids("q=.mp4&duration=under_1m")).containsExactly(video);
        assertThat(ids("q=.mp4&duration=over_1h")).isEmpty();
        assertThat(ids(api.as(TestApi.newOrg()), "q=video")).isEmpty();
    }

    @Test
    void namesAreTheSameInAnyAlphabetsLargeAndSmallLettersAndHoweverTheyAreComposed()
            throws IOException {
        // As macOS writes it: the letter, then its dots.
        String green = client.asset("GRU\u0308N.mov", sample("prores-timecode.mov"));

        assertThat(ids("q=gr%C3%BCn")).containsExactly(green);
        assertThat(ids("q=GR%C3%9CN")).containsExactly(green);
        assertThat(ids("q=gru%CC%88n")).containsExactly(green);
        assertThat(ids("q=grun")).isEmpty();
    }

    @Test
    void assetsAreFoundByWhereTheyAre() {
        String uri = client.get("/v1/assets/" + sound).text("/source_uri");

        assertThat(ids("source_prefix=" + uri)).containsExactly(sound);
        assertThat(ids("source_prefix=" + uri.substring(0, uri.length() - 1)))
                .containsExactly(sound);
        assertThat(ids("source_prefix=" + uri + "x")).isEmpty();
        assertThat(ids("source_prefix=file%25")).isEmpty();
    }

    @Test
    void assetsAreFoundByWhenTheyWereProbed() {
        assertThat(ids("probed_before=" + Instant.now().plusSeconds(60)))
                .containsExactlyInAnyOrder(video, sound);
        assertThat(ids("probed_before=2020-01-01T00:00:00Z")).isEmpty();
    }

    @Test
    void aListIsReadInPartsByItsLinks() {
        List<String> seen = new ArrayList<>();
        String next = "/v1/assets?limit=3";
        while (!next.isEmpty()) {
            Answer part = client.get(next);
            seen.addAll(ids(part));
            next =
                    part.response()
                            .headers()
                            .firstValue("Link")
                            .map(link -> link.substring(1, link.indexOf(">; rel=\"next\"")))
                            .orElse("");
            assertThat(next.isEmpty()).isEqualTo(part.json().path("next_cursor").isNull());
        }

        assertThat(seen)
                .hasSize(4)
                .isSorted()
                .containsExactlyInAnyOrder(video, sound, broken, fresh);
    }

    @Test
    void eachAssetIsShownAsItIsAlone() {
        JsonNode listed = client.get("/v1/assets?status=ready&container=wav").json().at("/items/0");

        assertThat(listed).isEqualTo(client.get("/v1/assets/" + sound).json());
        assertThat(listed.at("/sidecar/storage_key").asString())
                .endsWith("/sidecars/" + sound + ".vna.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status=gone",
                "limit=0",
                "limit=1001",
                "limit=x",
                "probed_before=soon",
                "hdr_class=hdr11",
                "hdr_class=HDR10",
                "hdr_class=%20hdr10",
                "hdr_class=",
                "resolution=4k",
                "resolution=UHD_8K",
                "status=READY",
                "status=",
                "duration=long",
                "duration=",
                "q=",
                "q=ab"
            })
    void wrongFiltersAreRefused(String query) {
        Answer answer = client.get("/v1/assets?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("validation_failed");
    }

    @Test
    void aCursorOfAnotherListIsRefused() {
        String cursor = client.get("/v1/assets?limit=1").text("/next_cursor");

        assertThatProblem(client.get("/v1/assets?status=ready&cursor=" + cursor))
                .is(400, "invalid_cursor");
        assertThatProblem(client.get("/v1/assets?cursor=x")).is(400, "invalid_cursor");
    }

    @Test
    void aRemovedAssetIsGoneWithAllThatWasMadeOfIt() throws IOException {
        String key = client.get("/v1/assets/" + video).text("/sidecar/storage_key");
        assertThat(DERIVED.resolve(key)).exists();

        assertThat(client.delete("/v1/assets/" + video).status()).isEqualTo(204);

        assertThat(DERIVED.resolve(key)).doesNotExist();
        assertThatProblem(client.get("/v1/assets/" + video)).is(404, "asset_not_found");
        assertThatProblem(client.get("/v1/assets/" + video + "/sidecar"))
                .is(404, "asset_not_found");
        assertThatProblem(client.delete("/v1/assets/" + video)).is(404, "asset_not_found");
        assertThat(ids("")).containsExactlyInAnyOrder(sound, broken, fresh);
        assertThat(client.asset("again.mp4", sample("h264-aac.mp4"))).isEqualTo(video);
    }

    @Test
    void nobodyRemovesAnothersAsset() {
        assertThatProblem(api.as(TestApi.newOrg()).delete("/v1/assets/" + video))
                .is(404, "asset_not_found");
        assertThat(ids("")).contains(video);
    }

    private List<String> ids(String query) {
        return ids(client, query);
    }

    private static List<String> ids(Client who, String query) {
        return ids(who.get("/v1/assets?" + query));
    }

    private static List<String> ids(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.json()
                .path("items")
                .valueStream()
                .map(item -> item.path("asset_id").asString())
                .toList();
    }
}
