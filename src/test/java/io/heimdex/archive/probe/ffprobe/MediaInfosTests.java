package io.heimdex.archive.probe.ffprobe;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.probe.MediaInfo;
import io.heimdex.archive.probe.MediaInfo.Chapter;
import io.heimdex.archive.probe.MediaInfo.Chromaticity;
import io.heimdex.archive.probe.MediaInfo.ContentLight;
import io.heimdex.archive.probe.MediaInfo.DolbyVision;
import io.heimdex.archive.probe.MediaInfo.FirstFrame;
import io.heimdex.archive.probe.MediaInfo.MasteringDisplay;
import io.heimdex.archive.probe.MediaInfo.Picture;
import io.heimdex.archive.probe.MediaInfo.Program;
import io.heimdex.archive.probe.MediaInfo.Sound;
import io.heimdex.archive.probe.MediaInfo.StreamInfo;
import io.heimdex.archive.probe.MediaInfo.Timing;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.probe.TestStreams;
import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.WarningCode;
import io.heimdex.archive.problem.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaInfosTests {

    private static final Warning WARNING = new Warning(WarningCode.NO_AUDIO_STREAM);

    @Test
    void everyFieldIsReadFromItsPlace() {
        Probed probed =
                probed(
                        """
                        {"programs": [{"program_id": 7, "program_num": 8, "streams": [{"index": 1}, {}],
                                       "tags": {"service_name": "One", "service_provider": "P"}}],
                         "chapters": [{"time_base": "1/1000", "start": -5, "start_time": "-0.005", "end": 2000,
                                       "end_time": "2.000000", "tags": {"title": "First"}}],
                         "streams": [
                            {"index": 0, "codec_name": "h264", "profile": "High", "codec_type": "video",
                             "codec_tag_string": "avc1", "mime_codec_string": "avc1.64000c", "level": 41,
                             "width": 1920, "height": 1080, "sample_aspect_ratio": "1:1",
                             "display_aspect_ratio": "16:9", "pix_fmt": "yuv420p10le", "color_range": "tv",
                             "r_frame_rate": "25/1", "avg_frame_rate": "24/1", "color_space": "bt709",
                             "color_transfer": "smpte2084", "color_primaries": "bt2020", "field_order": "tt",
                             "time_base": "1/12800", "start_pts": -512, "start_time": "-0.04",
                             "duration_ts": 25600, "duration": "2.000000", "nb_frames": "50",
                             "bits_per_raw_sample": "10", "bit_rate": "3000000000",
                             "disposition": {"default": 1, "attached_pic": 0, "forced": 1},
                             "tags": {"language": "und"},
                             "side_data_list": [
                                {"side_data_type": "Display Matrix", "rotation": -90},
                                {"side_data_type": "DOVI configuration record", "dv_profile": 8, "dv_level": 6,
                                 "rpu_present_flag": 1, "el_present_flag": 0, "bl_present_flag": 1,
                                 "dv_bl_signal_compatibility_id": 4},
                                {"side_data_type": "Mastering display metadata", "red_x": "34000/50000",
                                 "red_y": "16000/50000", "min_luminance": "1/10000", "max_luminance": "1000/1"},
                                {"side_data_type": "Content light level metadata", "max_content": 900,
                                 "max_average": 300}]},
                            {"index": 1, "codec_name": "flac", "codec_type": "audio", "sample_rate": "48000",
                             "channels": 2, "channel_layout": "stereo", "sample_fmt": "s32",
                             "bits_per_sample": 0, "bits_per_raw_sample": "24",
                             "disposition": {"default": 0, "attached_pic": 1}}],
                         "format": {"format_name": "mov,mp4", "duration": "86400.123456", "start_time": "-0.04",
                                    "bit_rate": "6000000000", "probe_score": 100,
                                    "tags": {"creation_time": "2024-03-01", "title": "Ä"}}}
                        """);

        StreamInfo video =
                new StreamInfo(
                        0,
                        "video",
                        "h264",
                        "avc1",
                        "avc1.64000c",
                        "High",
                        41L,
                        3_000_000_000L,
                        new Timing("24/1", "25/1", "1/12800", -512L, -0.04, 25_600L, 2.0, 50L),
                        new Picture(
                                1920L,
                                1080L,
                                "1:1",
                                "16:9",
                                "yuv420p10le",
                                10,
                                "tv",
                                "bt709",
                                "smpte2084",
                                "bt2020",
                                "tt",
                                -90.0,
                                new DolbyVision(8, 6, true, false, true, 4),
                                new MasteringDisplay(
                                        new Chromaticity(0.68, 0.32),
                                        null,
                                        null,
                                        null,
                                        0.0001,
                                        1000.0),
                                new ContentLight(900, 300)),
                        Sound.UNKNOWN,
                        Set.of("default", "forced"),
                        Map.of("language", "und"));
        assertThat(probed)
                .isEqualTo(
                        new Probed(
                                new MediaInfo(
                                        "mov,mp4",
                                        -0.04,
                                        86400.123456,
                                        6_000_000_000L,
                                        null,
                                        Map.of("creation_time", "2024-03-01", "title", "Ä"),
                                        List.of(video, probed.media().streams().get(1)),
                                        List.of(
                                                new Chapter(
                                                        "1/1000", -5L, 2000L, -0.005, 2.0,
                                                        "First")),
                                        List.of(new Program(7L, 8L, "One", "P", List.of(1))),
                                        null),
                                List.of(WARNING),
                                "raw"));
        StreamInfo audio = probed.media().streams().get(1);
        assertThat(audio.sound()).isEqualTo(new Sound(2, "stereo", 48_000, "s32", 24));
        assertThat(audio.attachedPicture()).isTrue();
        assertThat(audio.isDefault()).isFalse();
    }

    @Test
    void theFirstFrameTellsOfDynamicMetadataAndCaptions() {
        assertThat(
                        firstFrame(
                                """
                                {"frames": [{"stream_index": 3, "side_data_list": [
                                    {"side_data_type": "HDR Dynamic Metadata SMPTE2094-40 (HDR10+)"},
                                    {"side_data_type": "ATSC A53 Part 4 Closed Captions"},
                                    {"side_data_type": "Content light level metadata", "max_content": 1000,
                                     "max_average": 400}]}]}
                                """))
                .contains(new FirstFrame(3, true, true, null, new ContentLight(1000, 400)));
        assertThat(firstFrame("{\"frames\": [{\"stream_index\": 0}]}"))
                .contains(new FirstFrame(0, false, false, null, null));
        assertThat(firstFrame("{\"frames\": []}")).isEmpty();
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
        StreamInfo sound =
                stream(
                        "{\"codec_type\": \"audio\", \"channels\": \"2147483648\", \"sample_rate\": \"2147483648\"}");

        assertThat(stream.bitRate()).isEqualTo(2_147_483_648L);
        assertThat(sound.sound().channels()).isNull();
        assertThat(sound.sound().sampleRate()).isNull();
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
                .containsExactly(TestStreams.stream("unknown").index(-1).build());
    }

    /** CTA-861.3 writes 0 for unknown. */
    @Test
    void aContentLightLevelOfZeroIsUnknown() {
        ContentLight light =
                stream(
                                """
                                {"side_data_list": [{"side_data_type": "Content light level metadata",
                                                     "max_content": 0, "max_average": 0}]}
                                """)
                        .picture()
                        .contentLight();

        assertThat(light).isEqualTo(new ContentLight(null, null));
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
                    assertThat(stream.picture().width()).isNull();
                    assertThat(stream.picture().height()).isNull();
                    assertThat(stream.sound().channels()).isNull();
                    assertThat(stream.sound().sampleRate()).isNull();
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
        return MediaInfos.outcome(FfprobeCommand.parse(json), List.of(WARNING), "raw");
    }

    private static Optional<FirstFrame> firstFrame(String json) {
        return MediaInfos.firstFrame(FfprobeCommand.parse(json));
    }
}
