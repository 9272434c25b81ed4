package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Files that are media and tell nonsense: they get a sidecar without it, or a code. */
@ServiceTest
class OddMediaTests {

    private static final int MEGABYTE = 1_000_000;
    private static final int TAGS = 17;

    @Autowired TestApi api;

    private Client client;

    @BeforeEach
    void clients() {
        client = api.as(TestApi.newOrg());
    }

    static Stream<Arguments> absurd() {
        return Stream.of(
                argumentSet("no pixels", video(0, 0)),
                argumentSet("no width", video(0, 180)),
                argumentSet("65535 squared", video(65_535, 65_535)),
                argumentSet("2^31 wide", video(1L << 31, 180)),
                argumentSet("2^31 - 1 wide", video((1L << 31) - 1, 180)),
                argumentSet("2^32 + 320 wide", video((1L << 32) + 320, 180)),
                argumentSet("2^63 wide", video(1L << 63, 180)),
                argumentSet(
                        "shown as 2^31 to 1",
                        new HandMadeMatroska().videoShownAs(320, 180, (1L << 31) - 1, 1)),
                argumentSet("shown as 1 to 0", new HandMadeMatroska().videoShownAs(320, 180, 1, 0)),
                argumentSet("NaN long", video(320, 180).duration(Double.NaN)),
                argumentSet("negative", video(320, 180).duration(-1000)),
                argumentSet("endless", video(320, 180).duration(Double.POSITIVE_INFINITY)),
                argumentSet("1e300 long", video(320, 180).duration(1e300)),
                argumentSet("no samples", new HandMadeMatroska().audio(0, 2)),
                argumentSet("NaN samples", new HandMadeMatroska().audio(Double.NaN, 2)),
                argumentSet("2^31 channels", new HandMadeMatroska().audio(48_000, 1L << 31)));
    }

    private static HandMadeMatroska video(long width, long height) {
        return new HandMadeMatroska().video(width, height);
    }

    /** The schema is checked with each answer. */
    @ParameterizedTest
    @MethodSource("absurd")
    void absurdNumbersAreLeftOutOrRefused(HandMadeMatroska file) {
        String asset = client.asset("absurd.mkv", file.bytes());

        Answer job = client.sidecarJob(asset);

        if (job.text("/status").equals("failed")) {
            assertThat(failure(asset)).isEqualTo("invalid_media");
        } else {
            JsonNode sidecar = sidecar(asset);
            positive(sidecar, "/format/duration_s");
            positive(sidecar, "/video/width_px");
            positive(sidecar, "/video/height_px");
            positive(sidecar, "/video/display_width_px");
            positive(sidecar, "/video/display_height_px");
            positive(sidecar, "/video/pixel_aspect_ratio");
            positive(sidecar, "/audio/sample_rate_hz");
            positive(sidecar, "/audio/channels");
        }
    }

    private static void positive(JsonNode sidecar, String pointer) {
        JsonNode value = sidecar.at(pointer);
        if (value.isNumber()) {
            assertThat(value.doubleValue()).as(pointer).isPositive().isFinite();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 257, 1000})
    void atMostTwoHundredAndFiftySixStreamsAreDescribed(int streams) {
        HandMadeMatroska file = video(320, 180);
        for (int i = 1; i < streams; i++) {
            file.audio(48_000, 2);
        }
        String asset = client.asset("streams.mkv", file.bytes());

        client.sidecarJob(asset);

        JsonNode sidecar = sidecar(asset);
        assertThat(sidecar.path("streams")).hasSize(256);
        assertThat(sidecar.path("warnings").values().stream().map(JsonNode::asString))
                .filteredOn("streams_cut"::equals)
                .hasSize(streams > 256 ? 1 : 0);
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                argumentSet(
                        "markup", bytes("<script>alert(1)</script>"), "<script>alert(1)</script>"),
                argumentSet("quotes", bytes("a\"b\\c\u2028d\u0007e"), "a\"b\\c\u2028d\u0007e"),
                argumentSet("two zeros", bytes("a\0b\0c"), "a"),
                argumentSet(
                        "invalid UTF-8",
                        new byte[] {'a', (byte) 0xFF, (byte) 0xC3, 'b'},
                        "a\uFFFD\uFFFDb"),
                argumentSet(
                        "a lone surrogate",
                        new byte[] {'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80, 'b'},
                        "a\uFFFDb"),
                argumentSet("a clef", bytes("\uD834\uDD1E"), "\uD834\uDD1E"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textIsKeptAsTextWhateverIsInIt(byte[] title, String kept) {
        String asset = client.asset("title.mkv", video(320, 180).tag("TITLE", title).bytes());

        assertThat(client.sidecarJob(asset).text("/status")).isEqualTo("succeeded");

        assertThat(sidecar(asset).at("/format/tags/TITLE").asString()).isEqualTo(kept);
        assertThat(
                        client.get("/v1/assets/" + asset + "/sidecar?raw=true")
                                .text("/ffprobe/format/tags/TITLE"))
                .isEqualTo(kept);
    }

    @Test
    void namesOfTagsAreTextToo() {
        String asset =
                client.asset(
                        "name.mkv",
                        video(320, 180).tag("<b>\"N\u0001\uD834\uDD1E", bytes("x")).bytes());

        assertThat(client.sidecarJob(asset).text("/status")).isEqualTo("succeeded");

        assertThat(sidecar(asset).at("/format/tags").values())
                .extracting(JsonNode::asString)
                .contains("x");
    }

    @Test
    void aTitleOfTenMegabytesIsRefused() {
        String asset = client.asset("long.mkv", titled(10));

        assertThat(client.sidecarJob(asset).text("/status")).isEqualTo("failed");

        assertThat(failure(asset)).isEqualTo("probe_output_limit");
    }

    /** ffprobe reads none that long in Matroska. */
    @Test
    void aTitleOfSixtyMegabytesIsLeftOut() {
        String asset = client.asset("longest.mkv", titled(60));

        assertThat(client.sidecarJob(asset).text("/status")).isEqualTo("succeeded");

        JsonNode sidecar = sidecar(asset);
        assertThat(sidecar.at("/format/tags").has("TITLE")).isFalse();
        assertThat(sidecar.path("warnings").values())
                .extracting(JsonNode::asString)
                .contains("media_errors_reported");
    }

    /** What is said of its pictures later does not make it too large. */
    @Test
    void aSidecarOfTheLargestSizeHasRoomForItsPictures() {
        String uri = client.upload("large.mkv", tagged(MEGABYTE)).text("/presigned/asset_uri");
        int others =
                client.post("/v1/ingest/probe", Map.of("source_uri", uri))
                                .response()
                                .body()
                                .length()
                        - MEGABYTE;
        String asset = client.asset("large.mkv", tagged((1 << 20) - others - 50));

        assertThat(client.sidecarJob(asset).text("/status")).isEqualTo("succeeded");

        assertThat(sidecar(asset).path("warnings").values())
                .extracting(JsonNode::asString)
                .contains("thumbnail_generation_failed");
        assertThat(client.get("/v1/assets/" + asset + "/sidecar").response().body().length())
                .isGreaterThan(1 << 20);
        assertThat(client.sidecarJob(asset).text("/status")).isEqualTo("succeeded");
    }

    private static byte[] titled(int megabytes) {
        return video(320, 180).tag("TITLE", text(megabytes * MEGABYTE)).bytes();
    }

    /** With so many characters in tags, none of which is too long to be kept whole. */
    private static byte[] tagged(int characters) {
        HandMadeMatroska file = video(320, 180);
        for (int tag = 0; tag < TAGS; tag++) {
            file.tag("TAG%02d".formatted(tag), text((characters + tag) / TAGS));
        }
        return file.bytes();
    }

    private static byte[] text(int length) {
        byte[] text = new byte[length];
        Arrays.fill(text, (byte) 'x');
        return text;
    }

    private String failure(String asset) {
        return client.get("/v1/assets/" + asset).text("/failure/code");
    }

    private JsonNode sidecar(String asset) {
        Answer answer = client.get("/v1/assets/" + asset + "/sidecar");
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }
}
