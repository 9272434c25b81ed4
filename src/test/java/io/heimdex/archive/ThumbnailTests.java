package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The pictures of assets. */
@ServiceTest
class ThumbnailTests {

    private static final Path DERIVED = Path.of("target/test-data/derived");
    private static final GeneratedMedia MEDIA = GeneratedMedia.load();
    private static final Offset<Double> NEAR = within(9.0);

    @Autowired TestApi api;
    @Autowired JdbcClient jdbc;

    private String org;
    private Client client;

    @BeforeEach
    void client() {
        org = TestApi.newOrg();
        client = api.as(org);
    }

    private String asset(String name) throws IOException {
        return client.asset(name, Files.readAllBytes(MEDIA.file(name)));
    }

    private JsonNode sidecar(String asset) {
        return client.get("/v1/assets/" + asset + "/sidecar").json();
    }

    private JsonNode pictures(String asset) {
        return client.get("/v1/assets/" + asset).json().path("thumbnails");
    }

    private BufferedImage picture(String asset, int idx) throws IOException {
        return Objects.requireNonNull(
                ImageIO.read(
                        new ByteArrayInputStream(
                                client.bytes("/v1/assets/" + asset + "/thumbnails/" + idx))));
    }

    private static String colour(BufferedImage image) {
        int rgb = image.getRGB(image.getWidth() / 2, image.getHeight() / 2);
        int red = rgb >> 16 & 0xFF;
        int green = rgb >> 8 & 0xFF;
        int blue = rgb & 0xFF;
        return red > 90 && green < 60 && blue < 60
                ? "red"
                : green > 90 && red < 60 && blue < 60
                        ? "green"
                        : blue > 90 && red < 60 && green < 60 ? "blue" : Integer.toHexString(rgb);
    }

    @ParameterizedTest
    @ValueSource(strings = {"traffic-light.mp4", "one-key-frame.mp4"})
    void aSidecarComesWithAPosterAndSamplesFromTheirPlaces(String name) throws IOException {
        String asset = asset(name);

        Answer job = client.sidecarJob(asset);

        assertThat(job.text("/status")).isEqualTo("succeeded");
        assertThat(job.json().at("/result/thumbnails").values())
                .extracting(JsonNode::asString)
                .containsExactly(
                        "/v1/assets/" + asset + "/thumbnails/0",
                        "/v1/assets/" + asset + "/thumbnails/1",
                        "/v1/assets/" + asset + "/thumbnails/2");
        assertThat(colour(picture(asset, 0))).isEqualTo("green");
        assertThat(colour(picture(asset, 1))).isEqualTo("red");
        assertThat(colour(picture(asset, 2))).isEqualTo("blue");
        JsonNode told = sidecar(asset);
        assertThat(told.at("/thumbnails/poster/timestamp_s").asDouble()).isCloseTo(45, NEAR);
        assertThat(told.at("/thumbnails/samples/0/timestamp_s").asDouble()).isCloseTo(18, NEAR);
        assertThat(told.at("/thumbnails/samples/1/timestamp_s").asDouble()).isCloseTo(72, NEAR);
        assertThat(told.at("/thumbnails/poster/path").asString())
                .isEqualTo(org + "/thumbs/" + asset + "/poster.jpg");
        assertThat(told.at("/thumbnails/samples/0/path").asString())
                .matches(org + "/thumbs/" + asset + "/t\\d+\\.jpg");
        assertThat(told.at("/thumbnails/poster/width_px").asInt()).isEqualTo(320);
        assertThat(told.at("/thumbnails/poster/height_px").asInt()).isEqualTo(180);
        assertThat(told.at("/provenance/tools/ffmpeg").asString()).isNotEmpty();
        assertThat(told.path("warnings").values())
                .extracting(JsonNode::asString)
                .containsExactly("no_audio_stream");
    }

    @Test
    void theAssetListsItsPictures() throws IOException {
        String asset = asset("traffic-light.mp4");
        client.sidecarJob(asset);

        JsonNode listed = pictures(asset);

        assertThat(listed).hasSize(3);
        assertThat(listed.at("/0/idx").asInt()).isZero();
        assertThat(listed.at("/0/width").asInt()).isEqualTo(320);
        assertThat(listed.at("/0/height").asInt()).isEqualTo(180);
        assertThat(listed.at("/2/ts_ms").asDouble()).isCloseTo(72_000, within(9_000.0));
        assertThat(DERIVED.resolve(listed.at("/1/storage_key").asString())).exists();
    }

    @Test
    void thePublishedCopyHasThePicturesToo() throws IOException {
        String asset = asset("traffic-light.mp4");
        client.sidecarJob(asset);

        Path copy = DERIVED.resolve(client.get("/v1/assets/" + asset).text("/sidecar/storage_key"));

        assertThat(new JsonMapper().readTree(copy.toFile())).isEqualTo(sidecar(asset));
    }

    @Test
    void aPictureMayBeKeptForEver() throws IOException {
        String asset = asset("cover.mp3");
        client.sidecarJob(asset);
        String path = "/v1/assets/" + asset + "/thumbnails/0";

        Answer answer = client.get(path);

        assertThat(answer.response().headers().firstValue("Content-Type")).contains("image/jpeg");
        assertThat(answer.response().headers().firstValue("Cache-Control").orElse(""))
                .contains("private", "immutable");
        String etag = answer.response().headers().firstValue("ETag").orElseThrow();
        assertThat(client.get(path, "If-None-Match", etag).status()).isEqualTo(304);
    }

    @ParameterizedTest
    @CsvSource({
        "phone-portrait.mp4, 320, 569",
        "upside-down.mov,    320, 180",
        "pal-wide.ts,        320, 180",
        "interlaced.mp4,     320, 256",
        "cover.mp3,          320, 320",
        "cover.m4a,          320, 320",
        "picture.png,        320, 240",
        "picture.jpg,        320, 240",
        "picture.webp,       320, 240",
        "photo-turned.jpg,   320, 427",
        "photo-turned.png,   320, 427",
        "moving.gif,         320, 180",
        "h264-high10.mp4,    320, 180",
        "h264-rgb.mkv,       320, 180",
        "prores-4444.mov,    320, 180",
        "av1-opus.webm,      320, 180",
        "raw.h264,           320, 180",
        "dnxhr.mxf,          320, 180",
        "mpeg2.ts,           320, 180",
        "late-start.ts,      320, 180",
        "hdr10.mp4,          320, 180",
        "hlg.mov,            320, 180",
        "dolby-vision-8.1.mp4, 320, 180"
    })
    void thereIsAPosterOfWhateverThereIsToSee(String name, int width, int height)
            throws IOException {
        String asset = asset(name);

        assertThat(client.sidecarJob(asset).text("/status")).isEqualTo("succeeded");

        JsonNode told = sidecar(asset);
        assertThat(pictures(asset)).as(told.toString()).hasSize(1);
        BufferedImage poster = picture(asset, 0);
        assertThat(poster.getWidth()).isEqualTo(width);
        assertThat(poster.getHeight()).isEqualTo(height);
        assertThat(told.path("warnings").values())
                .extracting(JsonNode::asString)
                .doesNotContain("thumbnail_generation_failed", "thumbnails_not_tone_mapped");
    }

    @Test
    void aPictureIsTurnedAsThePlayerTurnsIt() throws IOException {
        String asset = asset("upside-down.mov");
        String upright = asset("h264-aac.mp4");
        client.sidecarJob(asset);
        client.sidecarJob(upright);

        BufferedImage turned = picture(asset, 0);
        BufferedImage straight = picture(upright, 0);

        assertThat(difference(turned, straight, true)).isLessThan(12);
        assertThat(difference(turned, straight, false)).isGreaterThan(30);
    }

    /** Of the brightness, on average. */
    private static double difference(BufferedImage one, BufferedImage other, boolean turned) {
        long sum = 0;
        for (int y = 0; y < one.getHeight(); y++) {
            for (int x = 0; x < one.getWidth(); x++) {
                int a = one.getRGB(x, y) >> 8 & 0xFF;
                int b =
                        (turned
                                                ? other.getRGB(
                                                        other.getWidth() - 1 - x,
                                                        other.getHeight() - 1 - y)
                                                : other.getRGB(x, y))
                                        >> 8
                                & 0xFF;
                sum += Math.abs(a - b);
            }
        }
        return (double) sum / one.getWidth() / one.getHeight();
    }

    /**
     * By Hable's curve up to 1,000 cd/m² for a screen of gamma 2.4, worked out by hand; unmapped,
     * they would be 130 and 192.
     */
    @Test
    void highDynamicRangeIsToneMapped() throws IOException {
        String asset = asset("pq-greys.mp4");
        client.sidecarJob(asset);

        BufferedImage poster = picture(asset, 0);

        assertThat(poster.getRGB(80, 90) & 0xFF).isCloseTo(157, within(8));
        assertThat(poster.getRGB(240, 90) & 0xFF).isCloseTo(255, within(8));
    }

    @Test
    void whatCannotBeSeenHasNoPictures() throws IOException {
        String asset = asset("stereo-16.wav");

        Answer job = client.sidecarJob(asset);

        assertThat(job.json().at("/result/thumbnails")).isEmpty();
        assertThat(pictures(asset)).isEmpty();
        assertThat(sidecar(asset).at("/thumbnails/poster").isNull()).isTrue();
        assertThat(sidecar(asset).path("warnings")).isEmpty();
        assertThatProblem(client.get("/v1/assets/" + asset + "/thumbnails/0"))
                .is(404, "thumbnail_not_found");
    }

    @Test
    void thatNoPictureCanBeMadeIsAWarning() throws IOException {
        byte[] bytes = Files.readAllBytes(MEDIA.file("faststart.mp4"));
        Arrays.fill(bytes, indexOf(bytes, "mdat") + 4, bytes.length, (byte) 0);
        String asset = client.asset("blank.mp4", bytes);

        Answer job = client.sidecarJob(asset);

        assertThat(job.text("/status")).isEqualTo("succeeded");
        assertThat(sidecar(asset).path("warnings").values())
                .extracting(JsonNode::asString)
                .contains("thumbnail_generation_failed");
        assertThat(sidecar(asset).at("/thumbnails/poster").isNull()).isTrue();
        Answer again = thumbnails(asset, Map.of());
        assertThat(again.text("/status")).isEqualTo("failed");
        assertThat(again.text("/error/code")).isEqualTo("thumbnail_generation_failed");
        assertThat(client.get("/v1/assets/" + asset).text("/status")).isEqualTo("ready");
    }

    private static int indexOf(byte[] bytes, String type) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(type);
    }

    private Answer thumbnails(String asset, Object body) {
        return client.finished(
                client.post("/v1/assets/" + asset + "/thumbnails", body).text("/job_id"));
    }

    @Test
    void aPolicySaysWhichPicturesThereAre() throws IOException {
        String asset = asset("traffic-light.mp4");
        client.sidecarJob(asset);
        List<String> usual = keys(asset);

        Answer job =
                thumbnails(
                        asset,
                        Map.of(
                                "policy",
                                Map.of("interval_s", 10, "max_count", 8, "max_height", 90)));

        assertThat(job.text("/status")).isEqualTo("succeeded");
        assertThat(job.text("/type")).isEqualTo("thumbnails");
        assertThat(pictures(asset)).hasSize(9);
        assertThat(picture(asset, 8).getHeight()).isEqualTo(90);
        assertThat(picture(asset, 8).getWidth()).isEqualTo(160);
        assertThat(colour(picture(asset, 1))).isEqualTo("red");
        assertThat(colour(picture(asset, 8))).isEqualTo("blue");
        for (String key : usual) {
            assertThat(DERIVED.resolve(key).toFile().exists()).isEqualTo(keys(asset).contains(key));
        }
        assertThat(sidecar(asset).at("/thumbnails/samples")).hasSize(8);
    }

    private List<String> keys(String asset) {
        return pictures(asset)
                .valueStream()
                .map(one -> one.path("storage_key").asString())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"interval_s\":0}",
                "{\"max_count\":51}",
                "{\"max_count\":0}",
                "{\"max_height\":63}"
            })
    void aWrongPolicyIsRefused(String policy) throws IOException {
        String asset = asset("cover.mp3");

        assertThatProblem(
                        client.post(
                                "/v1/assets/" + asset + "/thumbnails",
                                "{\"policy\":" + policy + "}"))
                .is(400, "validation_failed");
    }

    @Test
    void picturesNeedASidecarFirst() throws IOException {
        String asset = asset("cover.mp3");

        Answer job = thumbnails(asset, Map.of());

        assertThat(job.text("/status")).isEqualTo("failed");
        assertThat(job.text("/error/code")).isEqualTo("sidecar_not_found");
    }

    @Test
    void aSidecarOfAnotherVersionIsLeftAsItIs() throws IOException {
        String asset = asset("cover.mp3");
        reprobe("missing");
        jdbc.sql("update sidecar set schema_version = '0.9.0', document = '{}' where org_id = :org")
                .param("org", org)
                .update();

        Answer job = thumbnails(asset, Map.of());

        assertThat(job.text("/error/code")).isEqualTo("thumbnail_generation_failed");
        assertThat(job.text("/error/message")).contains("0.9.0");
        reprobe("stale");
        assertThat(sidecar(asset).path("warnings").values())
                .extracting(JsonNode::asString)
                .contains("thumbnail_generation_failed");
        assertThat(thumbnails(asset, Map.of()).text("/status")).isEqualTo("succeeded");
        assertThat(pictures(asset)).hasSize(1);
    }

    @Test
    void aLaterProbeKeepsThePictures() throws IOException {
        String asset = asset("traffic-light.mp4");
        client.sidecarJob(asset);
        String before = client.get("/v1/assets/" + asset).text("/sidecar/etag");
        JsonNode pictures = sidecar(asset).path("thumbnails");

        Answer run =
                client.finished(
                        client.post(
                                        "/v1/jobs",
                                        Map.of("type", "reprobe", "select", Map.of("which", "all")))
                                .text("/job_id"));

        assertThat(run.text("/status")).isEqualTo("succeeded");
        assertThat(sidecar(asset).path("thumbnails")).isEqualTo(pictures);
        assertThat(client.get("/v1/assets/" + asset).text("/sidecar/etag")).isEqualTo(before);
        assertThat(client.get("/v1/assets/" + asset + "/sidecar/changes").json().path("changes"))
                .isEmpty();
    }

    @Test
    void aRunMakesWhatIsMissingAndNothingTwice() throws IOException {
        String seen = asset("cover.mp3");
        String unseen = asset("stereo-16.wav");
        reprobe("missing");
        assertThat(pictures(seen)).isEmpty();

        Answer run = run("missing");

        assertThat(run.json().at("/result/counts/succeeded").asInt()).isEqualTo(2);
        assertThat(pictures(seen)).hasSize(1);
        assertThat(pictures(unseen)).isEmpty();
        assertThat(run("missing").json().at("/result/counts/total").asInt()).isZero();
        assertThat(run("stale").json().at("/result/counts/total").asInt()).isZero();
        assertThat(run("failed").json().at("/result/counts/total").asInt()).isZero();
        assertThat(run("all").json().at("/result/counts/total").asInt()).isEqualTo(2);
        assertThat(client.get("/v1/assets/" + seen).text("/status")).isEqualTo("ready");
    }

    @Test
    void aRunOfThoseThatFailedTakesThemByTheirCode() throws IOException {
        String asset = asset("cover.mp3");
        reprobe("missing");
        String uri = client.get("/v1/assets/" + asset).text("/source_uri");
        Path file = Path.of(URI.create(uri));
        Path away = file.resolveSibling("away");
        Files.move(file, away);
        assertThat(run("missing").json().at("/result/counts/failed").asInt()).isEqualTo(1);
        assertThat(sidecar(asset).path("warnings").values())
                .extracting(JsonNode::asString)
                .contains("thumbnail_generation_failed");
        Files.move(away, file);

        assertThat(run("missing").json().at("/result/counts/total").asInt()).isZero();
        Answer run =
                client.finished(
                        client.post(
                                        "/v1/jobs",
                                        Map.of(
                                                "type",
                                                "thumbnails",
                                                "select",
                                                Map.of(
                                                        "which",
                                                        "failed",
                                                        "failure_codes",
                                                        List.of("source_not_found"))))
                                .text("/job_id"));

        assertThat(run.json().at("/result/counts/succeeded").asInt()).isEqualTo(1);
        assertThat(pictures(asset)).hasSize(1);
        assertThat(sidecar(asset).path("warnings").values())
                .extracting(JsonNode::asString)
                .doesNotContain("thumbnail_generation_failed");
    }

    private void reprobe(String which) {
        client.finished(
                client.post("/v1/jobs", Map.of("type", "reprobe", "select", Map.of("which", which)))
                        .text("/job_id"));
    }

    private Answer run(String which) {
        Answer run =
                client.finished(
                        client.post(
                                        "/v1/jobs",
                                        Map.of(
                                                "type",
                                                "thumbnails",
                                                "select",
                                                Map.of("which", which)))
                                .text("/job_id"));
        assertThat(run.text("/status")).isEqualTo("succeeded");
        return run;
    }

    /** It would say what was known before. */
    @Test
    void aRunThatLeavesTheCopiesOutTakesOlderOnesAway() throws IOException {
        String asset = asset("cover.mp3");
        client.sidecarJob(asset);
        Path copy = DERIVED.resolve(client.get("/v1/assets/" + asset).text("/sidecar/storage_key"));
        assertThat(copy).exists();

        client.finished(
                client.post(
                                "/v1/jobs",
                                Map.of(
                                        "type",
                                        "reprobe",
                                        "select",
                                        Map.of("which", "all"),
                                        "options",
                                        Map.of("copies", false)))
                        .text("/job_id"));

        assertThat(client.get("/v1/assets/" + asset).json().at("/sidecar/storage_key").isNull())
                .isTrue();
        assertThat(copy).doesNotExist();
    }

    /** There are 25 frames, some of which no other needs. */
    @Test
    void aFrameThatIsNearestToSeveralPlacesIsOnePicture() throws IOException {
        String asset = asset("h264-aac.mp4");
        client.sidecarJob(asset);
        for (int run = 0; run < 2; run++) {
            thumbnails(asset, Map.of("policy", Map.of("max_count", 50)));

            assertThat(keys(asset)).hasSizeBetween(10, 26).doesNotHaveDuplicates();
            assertThat(keys(asset)).allSatisfy(key -> assertThat(DERIVED.resolve(key)).exists());
        }
    }

    @Test
    void aRunMayLeaveTheCopiesOut() throws IOException {
        String asset = asset("cover.mp3");
        Answer run =
                client.finished(
                        client.post(
                                        "/v1/jobs",
                                        Map.of(
                                                "type",
                                                "reprobe",
                                                "select",
                                                Map.of("which", "missing"),
                                                "options",
                                                Map.of("copies", false)))
                                .text("/job_id"));
        assertThat(run.text("/status")).isEqualTo("succeeded");
        run("missing");

        assertThat(client.get("/v1/assets/" + asset).json().at("/sidecar/storage_key").isNull())
                .isTrue();
        assertThat(DERIVED.resolve(org).resolve("sidecars")).doesNotExist();
        assertThat(sidecar(asset).at("/thumbnails/poster").isObject()).isTrue();
    }

    @Test
    void picturesAreTheirOrgsAlone() throws IOException {
        String asset = asset("cover.mp3");
        client.sidecarJob(asset);
        Client other = api.as(TestApi.newOrg());

        assertThatProblem(other.get("/v1/assets/" + asset + "/thumbnails/0"))
                .is(404, "asset_not_found");
        assertThatProblem(other.post("/v1/assets/" + asset + "/thumbnails", Map.of()))
                .is(404, "asset_not_found");
    }

    @Test
    void theyGoWithTheirAsset() throws IOException {
        String asset = asset("cover.mp3");
        client.sidecarJob(asset);
        Path file = DERIVED.resolve(keys(asset).getFirst());
        assertThat(file).exists();

        client.delete("/v1/assets/" + asset);

        assertThat(file).doesNotExist();
    }
}
