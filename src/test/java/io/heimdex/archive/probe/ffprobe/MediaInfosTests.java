package io.heimdex.archive.probe.ffprobe;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kokorin.jaffree.ffprobe.FFprobeResult;
import io.heimdex.archive.probe.MediaInfo;
import io.heimdex.archive.probe.MediaInfo.StreamInfo;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.problem.ErrorCode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaInfosTests {

    @Test
    void everyFieldIsReadFromItsPlace() {
        ProbeOutcome outcome =
                outcome(
                        """
                        {"streams": [
                            {"index": 0, "codec_name": "h264", "profile": "High", "codec_type": "video",
                             "width": 1920, "height": 1080, "sample_aspect_ratio": "1:1",
                             "r_frame_rate": "25/1", "avg_frame_rate": "24/1", "color_space": "bt709",
                             "color_transfer": "smpte2084", "color_primaries": "bt2020",
                             "bit_rate": "3000000000", "disposition": {"default": 1, "attached_pic": 0},
                             "tags": {"language": "und"}},
                            {"index": 1, "codec_name": "aac", "codec_type": "audio", "sample_rate": "48000",
                             "channels": 2, "disposition": {"default": 0, "attached_pic": 1}}],
                         "format": {"format_name": "mov,mp4", "duration": "86400.123456",
                                    "bit_rate": "6000000000", "probe_score": 100,
                                    "tags": {"creation_time": "2024-03-01", "title": "Ä"}}}
                        """);

        assertThat(outcome)
                .isEqualTo(
                        new Probed(
                                new MediaInfo(
                                        "mov,mp4",
                                        86400.123456,
                                        6_000_000_000L,
                                        Map.of("creation_time", "2024-03-01", "title", "Ä"),
                                        List.of(
                                                new StreamInfo(
                                                        0,
                                                        "video",
                                                        "h264",
                                                        "High",
                                                        1920L,
                                                        1080L,
                                                        "1:1",
                                                        "24/1",
                                                        "25/1",
                                                        "bt709",
                                                        "smpte2084",
                                                        "bt2020",
                                                        null,
                                                        null,
                                                        3_000_000_000L,
                                                        true,
                                                        false,
                                                        Map.of("language", "und")),
                                                new StreamInfo(
                                                        1, "audio", "aac", null, null, null, null,
                                                        null, null, null, null, null, 2, 48_000,
                                                        null, false, true, Map.of()))),
                                List.of("warning"),
                                "raw"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"25", "100", "\"25\""})
    void aScoreFromTwentyFiveOnIsMedia(String score) {
        assertThat(outcome(json(score, "{}"))).isInstanceOf(Probed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"24", "0", "-100", "null", "\"N/A\"", "[100]", "99999999999999999999"})
    void aLowerScoreIsNoMedia(String score) {
        assertInvalid(outcome(json(score, "{}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"format\": {\"probe_score\": 100}}",
                "{\"format\": {\"probe_score\": 100}, \"streams\": []}",
                "{\"format\": {\"probe_score\": 100}, \"streams\": {}}",
                "{\"format\": [], \"streams\": [{}]}",
                "{\"streams\": [{\"codec_type\": \"video\"}]}"
            })
    void aFileWithoutAContainerOrAStreamIsNoMedia(String json) {
        assertInvalid(outcome(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"N/A\"",
                "\"\"",
                "null",
                "-1",
                "\"-1\"",
                "\"NaN\"",
                "\"Infinity\"",
                "\"-Infinity\"",
                "\"1e999\"",
                "\"one\"",
                "\"1,5\"",
                "{}",
                "[1]"
            })
    void whatIsNoNumberIsAbsent(String value) {
        Probed probed = probed(json("100, \"duration\": " + value, numbers(value)));

        assertThat(probed.media().durationSeconds()).isNull();
        assertNoNumbers(probed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1.5\"", "1.5", "\"9223372036854775808\"", "\"1e3\""})
    void whatIsNoWholeNumberIsAbsentWhereOneIsNeeded(String value) {
        assertNoNumbers(probed(json("100", numbers(value))));
    }

    @Test
    void largeNumbersAreAbsentOnlyWhereTheyDoNotFit() {
        StreamInfo stream = stream(numbers("\"2147483648\""));

        assertThat(stream.width()).isEqualTo(2_147_483_648L);
        assertThat(stream.bitRate()).isEqualTo(2_147_483_648L);
        assertThat(stream.channels()).isNull();
        assertThat(stream.sampleRate()).isNull();
        assertThat(stream.index()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "\"0\"", "\"0.000000\""})
    void aDurationOfZeroIsADuration(String value) {
        assertThat(probed(json("100, \"duration\": " + value, "{}")).media().durationSeconds())
                .isZero();
    }

    @Test
    void whatAStreamDoesNotTellIsUnknown() {
        Probed probed = probed(json("100", "{}"));

        assertThat(probed.media().container()).isEqualTo("unknown");
        assertThat(probed.media().tags()).isEmpty();
        assertThat(probed.media().streams())
                .containsExactly(
                        new StreamInfo(
                                -1, "unknown", null, null, null, null, null, null, null, null, null,
                                null, null, null, null, false, false, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "2", "\"yes\"", "true", "null", "{}"})
    void onlyAOneIsADisposition(String value) {
        assertThat(stream("{\"disposition\": {\"default\": " + value + "}}").isDefault()).isFalse();
    }

    @Test
    void noTextHoldsANul() {
        Probed probed =
                probed(
                        """
                        {"streams": [{"codec_name": "h\\u0000264", "tags": {"ti\\u0000tle": "\\u0000a\\u0000"}}],
                         "format": {"probe_score": 100, "format_name": "\\u0000", "tags": {"title": "a\\u0000b"}}}
                        """);

        assertThat(probed.media().container()).isEqualTo("unknown");
        assertThat(probed.media().tags()).isEqualTo(Map.of("title", "ab"));
        assertThat(probed.media().streams())
                .first(InstanceOfAssertFactories.type(StreamInfo.class))
                .satisfies(stream -> {
                    assertThat(stream.codec()).isEqualTo("h264");
                    assertThat(stream.tags()).isEqualTo(Map.of("title", "a"));
                });
    }

    private static String numbers(String value) {
        return "{\"index\": %1$s, \"width\": %1$s, \"height\": %1$s, \"channels\": %1$s, \"sample_rate\": %1$s, \"bit_rate\": %1$s}"
                .formatted(value);
    }

    private static void assertNoNumbers(Probed probed) {
        assertThat(probed.media().streams())
                .first(InstanceOfAssertFactories.type(StreamInfo.class))
                .satisfies(stream -> {
                    assertThat(stream.index()).isEqualTo(-1);
                    assertThat(stream.width()).isNull();
                    assertThat(stream.height()).isNull();
                    assertThat(stream.channels()).isNull();
                    assertThat(stream.sampleRate()).isNull();
                    assertThat(stream.bitRate()).isNull();
                });
    }

    private static void assertInvalid(ProbeOutcome outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.code()).isEqualTo(ErrorCode.INVALID_MEDIA));
    }

    private static String json(String score, String stream) {
        return "{\"format\": {\"probe_score\": " + score + "}, \"streams\": [" + stream + "]}";
    }

    private static StreamInfo stream(String stream) {
        return probed(json("100", stream)).media().streams().getFirst();
    }

    private static Probed probed(String json) {
        return assertThat(outcome(json))
                .asInstanceOf(InstanceOfAssertFactories.type(Probed.class))
                .actual();
    }

    private static ProbeOutcome outcome(String json) {
        return MediaInfos.outcome(
                new FFprobeResult(
                        new JacksonProbeData.Parser()
                                .parse(
                                        new ByteArrayInputStream(
                                                json.getBytes(StandardCharsets.UTF_8)))),
                List.of("warning"),
                "raw");
    }
}
