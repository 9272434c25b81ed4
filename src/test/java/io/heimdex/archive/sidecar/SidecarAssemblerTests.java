package io.heimdex.archive.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.probe.MediaInfo;
import io.heimdex.archive.probe.MediaInfo.StreamInfo;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.TestStreams;
import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.WarningCode;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.OpenedMedia;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

class SidecarAssemblerTests {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();
    private static final Instant NOW = Instant.parse("2025-01-02T03:04:05Z");
    private static final Instant MODIFIED = Instant.parse("2024-06-01T00:00:00Z");
    private static final AssetId STRONG = new AssetId("sha256:" + "0".repeat(64));
    private static final AssetId WEAK = new AssetId("weak:" + "1".repeat(32));

    private final SidecarAssembler assembler =
            new SidecarAssembler(new StandInProber(), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void theMainVideoIsTheFirstThatTheFileMarksAsDefault() {
        SidecarDocument document =
                assemble(
                        video().codec("large").size(3840L, 2160L).build(),
                        video().codec("first").size(640L, 360L).isDefault().build(),
                        video().codec("second").size(1920L, 1080L).isDefault().build());

        assertThat(document.video()).extracting(SidecarDocument.Video::codec).isEqualTo("first");
    }

    @Test
    void withoutADefaultTheMainVideoIsTheLargest() {
        SidecarDocument document =
                assemble(
                        video().codec("unknown").size(null, 9999L).build(),
                        video().codec("wide").size(1000L, 10L).build(),
                        video().codec("large").size(640L, 360L).build(),
                        video().codec("as large").size(360L, 640L).build());

        assertThat(document.video()).extracting(SidecarDocument.Video::codec).isEqualTo("large");
    }

    @Test
    void hugePicturesDoNotOverflow() {
        SidecarDocument document =
                assemble(
                        video().codec("small").size(640L, 360L).build(),
                        video().codec("huge").size(Long.MAX_VALUE, Long.MAX_VALUE).build());

        assertThat(document.video()).extracting(SidecarDocument.Video::codec).isEqualTo("huge");
    }

    @Test
    void anAttachedPictureIsNoVideo() {
        StreamInfo cover =
                video().codec("mjpeg").size(4000L, 4000L).isDefault().attachedPicture().build();
        StreamInfo film = video().codec("h264").size(640L, 360L).build();

        assertThat(assemble(cover, film).video())
                .extracting(SidecarDocument.Video::codec)
                .isEqualTo("h264");
        assertThat(assemble(cover, audio().build()).video()).isNull();
        assertThat(assemble(cover, audio().build()).streams()).hasSize(2);
    }

    @Test
    void theMainAudioIsTheFirstThatTheFileMarksAsDefault() {
        SidecarDocument document =
                assemble(
                        audio().codec("surround").sound(6, 96_000).build(),
                        audio().codec("first").sound(1, 8_000).isDefault().build(),
                        audio().codec("second").sound(2, 48_000).isDefault().build());

        assertThat(document.audio()).extracting(SidecarDocument.Audio::codec).isEqualTo("first");
    }

    @Test
    void withoutADefaultTheMainAudioHasMostChannels() {
        SidecarDocument document =
                assemble(
                        audio().codec("unknown").sound(null, 192_000).build(),
                        audio().codec("stereo").sound(2, 96_000).build(),
                        audio().codec("surround").sound(6, 44_100).build());

        assertThat(document.audio()).extracting(SidecarDocument.Audio::codec).isEqualTo("surround");
    }

    @Test
    void ofEquallyManyChannelsTheHighestRateWinsThenTheFirst() {
        SidecarDocument document =
                assemble(
                        audio().codec("unknown").sound(2, null).build(),
                        audio().codec("low").sound(2, 44_100).build(),
                        audio().codec("high").sound(2, 48_000).build(),
                        audio().codec("as high").sound(2, 48_000).build());

        assertThat(document.audio()).extracting(SidecarDocument.Audio::codec).isEqualTo("high");
    }

    @Test
    void otherStreamsAreNeitherVideoNorAudio() {
        SidecarDocument document =
                assemble(stream("subtitle").isDefault().build(), stream("data").build());

        assertThat(document.video()).isNull();
        assertThat(document.audio()).isNull();
        assertThat(document.streams())
                .extracting(SidecarDocument.Stream::type)
                .containsExactly("subtitle", "data");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "30000/1001,  -,           29.97",
                "24000/1001,  25/1,        23.98",
                "25/1,        50/1,        25",
                "0/0,         25/1,        25",
                "0/0,         30000/1001,  29.97",
                "-,           25/1,        25",
                "0/0,         0/0,         -",
                "-,           -,           -"
            })
    void theFrameRateIsTheAverageOrElseTheRealOne(
            @Nullable String average, @Nullable String real, @Nullable Double rate) {
        SidecarDocument document = assemble(video().frameRates(average, real).build());

        assertThat(document.video())
                .extracting(SidecarDocument.Video::frameRateFps)
                .isEqualTo(rate);
        assertThat(document.warnings().contains("frame_rate_unavailable")).isEqualTo(rate == null);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, 1.0", "0:1, 1.0", "1:1, 1.0", "N/A, 1.0", "4:2, 2.0", "1:4, 0.25"})
    void pixelsAreSquareUnlessTheFileSaysOtherwise(@Nullable String text, double ratio) {
        assertThat(assemble(video().pixelAspectRatio(text).build()).video())
                .extracting(SidecarDocument.Video::pixelAspectRatio)
                .isEqualTo(ratio);
    }

    @Test
    void thePixelAspectIsNotRounded() {
        assertThat(assemble(video().pixelAspectRatio("4:3").build()).video())
                .extracting(SidecarDocument.Video::pixelAspectRatio)
                .isEqualTo(4 / 3.0);
    }

    @Test
    void aCompleteFileHasNoWarnings() {
        assertThat(assemble(video().build(), audio().build()).warnings()).isEmpty();
    }

    @Test
    void whatIsOddIsAWarningInAFixedOrder() {
        MediaInfo media =
                TestStreams.media(
                        "mov",
                        null,
                        null,
                        Map.of(),
                        List.of(video().frameRates("0/0", "0/0").build()));

        assertThat(
                        assembled(
                                        source(STRONG),
                                        new Probed(
                                                media,
                                                List.of(
                                                        new Warning(
                                                                WarningCode.MEDIA_ERRORS_REPORTED)),
                                                "{}"))
                                .warnings())
                .containsExactly(
                        "duration_unavailable",
                        "frame_rate_unavailable",
                        "no_audio_stream",
                        "media_errors_reported");
    }

    @Test
    void aFileWithoutVideoNeedsNoFrameRate() {
        assertThat(assemble(audio().build()).warnings()).isEmpty();
    }

    @Test
    void theCreationTimeIsTheEarliestOfContainerAndStreams() {
        Map<String, String> container = Map.of("creation_time", "2020-01-01T12:00:00Z");
        StreamInfo early =
                video().tags(Map.of("com.apple.quicktime.creationdate", "2020-01-01T12:30:00+0200"))
                        .build();
        StreamInfo late = audio().tags(Map.of("date", "2021-01-01")).build();

        assertThat(assemble(container, early, late).source().createdTime())
                .isEqualTo("2020-01-01T10:30:00Z");
        assertThat(assemble(container, late).source().createdTime())
                .isEqualTo("2020-01-01T12:00:00Z");
    }

    @Test
    void withoutADateTheCreationTimeIsTheFilesTime() {
        assertThat(assemble(Map.of("date", "1999"), video().build()).source().createdTime())
                .isEqualTo(MODIFIED);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-,        -",
                "0,        0",
                "499,      0",
                "500,      1",
                "1499,     1",
                "1500,     2",
                "128000,   128",
                "9223372036854775807, 9223372036854776"
            })
    void bitRatesAreRoundedToKilobits(@Nullable Long bits, @Nullable Long kilobits) {
        MediaInfo media =
                TestStreams.media(
                        "mov", 1.0, bits, Map.of(), List.of(audio().bitRate(bits).build()));
        SidecarDocument document = assembled(source(STRONG), new Probed(media, List.of(), "{}"));

        assertThat(document.format().bitrateKbps()).isEqualTo(kilobits);
        assertThat(document.audio())
                .extracting(SidecarDocument.Audio::bitrateKbps)
                .isEqualTo(kilobits);
        assertThat(document.streams())
                .first(InstanceOfAssertFactories.type(SidecarDocument.Stream.class))
                .extracting(SidecarDocument.Stream::bitrateKbps)
                .isEqualTo(kilobits);
    }

    @Test
    void theDocumentTellsWhereItCameFrom() {
        SidecarDocument document = assemble(video().build());

        assertThat(document.schemaVersion()).isEqualTo("1.0.0");
        assertThat(document.assetId()).isEqualTo(STRONG.value());
        assertThat(document.source())
                .isEqualTo(
                        new SidecarDocument.Source(
                                "file",
                                "file:///a/b.mov",
                                "b.mov",
                                42,
                                MODIFIED,
                                MODIFIED,
                                new SidecarDocument.Hash("sha256", "0".repeat(64))));
        assertThat(document.provenance())
                .isEqualTo(
                        new SidecarDocument.Provenance(
                                NOW,
                                new SidecarDocument.Tools("8.0", null, "heimdex-archive 1.0.0"),
                                new SidecarDocument.SelectionPolicy(
                                        "default_then_largest", "default_then_channels_then_rate"),
                                "strong",
                                "fingerprint"));
    }

    @Test
    void aWeakIdIsAWeakHash() {
        MediaInfo media = TestStreams.media("mov", 1.0, null, Map.of(), List.of(video().build()));
        SidecarDocument document = assembled(source(WEAK), new Probed(media, List.of(), "{}"));

        assertThat(document.source().hash())
                .isEqualTo(new SidecarDocument.Hash("md5", "1".repeat(32)));
        assertThat(document.provenance().hashQuality()).isEqualTo("weak");
    }

    /** Whatever is assembled fits the published schema. */
    private SidecarDocument assembled(SidecarSource source, Probed probed) {
        SidecarDocument document = assembler.assemble(source, probed);
        SidecarSchema.check(JSON.valueToTree(document));
        return document;
    }

    private SidecarDocument assemble(StreamInfo... streams) {
        return assemble(Map.of(), streams);
    }

    private SidecarDocument assemble(Map<String, String> tags, StreamInfo... streams) {
        MediaInfo media = TestStreams.media("mov", 1.0, 1000L, tags, List.of(streams));
        return assembled(source(STRONG), new Probed(media, List.of(), "{}"));
    }

    private static SidecarSource source(AssetId id) {
        return new SidecarSource(id, "file:///a/b.mov", "b.mov", 42, MODIFIED, "fingerprint");
    }

    private static TestStreams video() {
        return stream("video").size(640L, 360L).frameRates("25/1", "25/1");
    }

    private static TestStreams audio() {
        return stream("audio").sound(2, 48_000);
    }

    private static TestStreams stream(String type) {
        return TestStreams.stream(type);
    }

    /** A stand-in that names its tools and probes nothing. */
    private static final class StandInProber implements MediaProber {

        @Override
        public ProbeOutcome probe(OpenedMedia media, @Nullable Duration timeout) {
            throw new UnsupportedOperationException("a stand-in probes nothing");
        }

        @Override
        public Tools tools() {
            return new Tools("8.0", null);
        }
    }
}
