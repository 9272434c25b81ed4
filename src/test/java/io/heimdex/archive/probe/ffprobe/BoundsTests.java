package io.heimdex.archive.probe.ffprobe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.probe.MediaInfo;
import io.heimdex.archive.probe.MediaInfo.Chapter;
import io.heimdex.archive.probe.MediaInfo.Picture;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.WarningCode;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.exc.StreamConstraintsException;

/** Descriptions that no file has, or only one that was made for it. */
class BoundsTests {

    private static final String CLEF = "\uD834\uDD1E";

    @ParameterizedTest
    @CsvSource({
        "65535, 16384, true",
        "32768, 32768, true",
        "1, 65535, true",
        "65536, 1, false",
        "1, 65536, false",
        "32769, 32768, false",
        "65535, 65535, false",
        "2147483647, 180, false",
        "4294967296, 4294967296, false",
        "9223372036854775807, 9223372036854775807, false"
    })
    void aPictureHasNoMorePixelsThanOneCanHave(long width, long height, boolean possible) {
        Probed probed = stream("\"width\": %d, \"height\": %d".formatted(width, height));

        Picture picture = probed.media().streams().getFirst().picture();
        assertThat(picture.width()).isEqualTo(possible ? width : null);
        assertThat(picture.height()).isEqualTo(possible ? height : null);
        assertThat(codes(probed))
                .isEqualTo(possible ? List.of() : List.of(WarningCode.PICTURE_SIZE_LEFT_OUT));
    }

    @Test
    void oneSideAloneHasTheSameLimit() {
        assertThat(codes(stream("\"width\": 65535"))).isEmpty();
        assertThat(codes(stream("\"height\": 65536")))
                .containsExactly(WarningCode.PICTURE_SIZE_LEFT_OUT);
    }

    @Test
    void theFirstStreamsAreDescribed() {
        assertThat(codes(streams(Bounds.MAX_STREAMS))).isEmpty();
        Probed cut = streams(Bounds.MAX_STREAMS + 1);

        assertThat(cut.media().streams()).hasSize(Bounds.MAX_STREAMS);
        assertThat(codes(cut)).containsExactly(WarningCode.STREAMS_CUT);
    }

    private static Probed streams(int count) {
        return probed("", list(count, i -> "{\"index\": " + i + "}"), "");
    }

    @Test
    void theFirstChaptersAndProgramsAreDescribed() {
        Probed whole = parts(Bounds.MAX_CHAPTERS, Bounds.MAX_PROGRAMS);
        assertThat(codes(whole)).isEmpty();
        assertThat(whole.media().chapters())
                .hasSize(Bounds.MAX_CHAPTERS)
                .last()
                .extracting(Chapter::title)
                .isEqualTo("4999");

        Probed chapters = parts(Bounds.MAX_CHAPTERS + 1, 0);
        assertThat(chapters.media().chapters()).hasSize(Bounds.MAX_CHAPTERS);
        assertThat(codes(chapters)).containsExactly(WarningCode.METADATA_CUT);

        Probed programs = parts(0, Bounds.MAX_PROGRAMS + 1);
        assertThat(programs.media().programs()).hasSize(Bounds.MAX_PROGRAMS);
        assertThat(codes(programs)).containsExactly(WarningCode.METADATA_CUT);
    }

    private static Probed parts(int chapters, int programs) {
        return probed(
                "",
                "{}",
                ", \"chapters\": [%s], \"programs\": [%s]"
                        .formatted(
                                list(chapters, i -> "{\"tags\": {\"title\": \"" + i + "\"}}"),
                                list(programs, _ -> "{\"streams\": [{\"index\": 0}]}")));
    }

    @Test
    void aLongTagIsCutWhereItIsNoSurrogatePair() {
        String longest = "x".repeat(Bounds.MAX_TAG);

        assertThat(tag("a", longest)).isEqualTo(Map.of("a", longest));
        assertThat(tag("a", longest + "x")).isEqualTo(Map.of("a", longest));
        assertThat(tag("a", "x" + CLEF.repeat(Bounds.MAX_TAG / 2)))
                .isEqualTo(Map.of("a", "x" + CLEF.repeat(Bounds.MAX_TAG / 2 - 1)));
        assertThat(tag("n".repeat(Bounds.MAX_TAG_NAME), "a")).hasSize(1);
        assertThat(tag("n".repeat(Bounds.MAX_TAG_NAME + 1), "a")).isEmpty();
    }

    private static Map<String, String> tag(String name, String value) {
        Probed probed = probed(tags("\"%s\": \"%s\"".formatted(name, value)), "{}", "");
        assertThat(codes(probed))
                .isEqualTo(
                        probed.media().tags().containsValue(value)
                                ? List.of()
                                : List.of(WarningCode.METADATA_CUT));
        return probed.media().tags();
    }

    @Test
    void thereIsRoomForAMillionCharactersOfTags() {
        String tag = "\"%s\": \"" + "x".repeat(Bounds.MAX_TAG - 2) + "\"";
        String stream = "{%s}".formatted(tags(tag.formatted("ab")).substring(2));
        Probed whole = probed("", list(16, _ -> stream), "");
        Probed cut = probed(tags("\"c\": \"\""), list(17, _ -> stream), "");

        assertThat(codes(whole)).isEmpty();
        assertThat(codes(cut)).containsExactly(WarningCode.METADATA_CUT);
        assertThat(length(whole.media())).isEqualTo(Bounds.MAX_TAGS);
        assertThat(length(cut.media())).isLessThanOrEqualTo(Bounds.MAX_TAGS);
        assertThat(cut.media().tags()).hasSize(1);
    }

    private static int length(MediaInfo media) {
        return media.streams().stream()
                .flatMap(stream -> stream.tags().entrySet().stream())
                .mapToInt(tag -> tag.getKey().length() + tag.getValue().length())
                .sum();
    }

    @Test
    void manySmallTagsAreManyToo() {
        String many = list(200_000, i -> "\"%06d\": \"\"".formatted(i));

        assertThat(probed(tags(many), "{}", "").media().tags()).hasSize(Bounds.MAX_TAGS / 6);
    }

    @Test
    void whatFfprobeSaysInItsOwnWordsIsShort() {
        assertThat(stream("\"codec_name\": \"" + "x".repeat(1000) + "\"").media().streams())
                .extracting(MediaInfo.StreamInfo::codec)
                .containsExactly("x".repeat(1000));
        assertThat(stream("\"codec_name\": \"" + "x".repeat(1001) + "\"").media().streams())
                .extracting(MediaInfo.StreamInfo::codec)
                .containsOnlyNulls();
    }

    @Test
    void aDescriptionOfCountlessPartsIsNotRead() {
        FfprobeCommand.parse("[" + list(490_000, _ -> "1") + "]");

        assertThatExceptionOfType(StreamConstraintsException.class)
                .isThrownBy(() -> FfprobeCommand.parse("[" + list(510_000, _ -> "1") + "]"));
    }

    private static Probed stream(String fields) {
        return probed("", "{" + fields + "}", "");
    }

    private static String tags(String tags) {
        return ", \"tags\": {" + tags + "}";
    }

    private static String list(int count, IntFunction<String> part) {
        return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining(","));
    }

    private static List<WarningCode> codes(Probed probed) {
        return probed.warnings().stream().map(Warning::code).toList();
    }

    private static Probed probed(String format, String streams, String rest) {
        String json =
                "{\"format\": {\"probe_score\": 100%s}, \"streams\": [%s]%s}"
                        .formatted(format, streams, rest);
        ProbeOutcome outcome = MediaInfos.outcome(FfprobeCommand.parse(json), List.of(), json);
        return assertThat(outcome)
                .asInstanceOf(InstanceOfAssertFactories.type(Probed.class))
                .actual();
    }
}
