package io.heimdex.archive.sidecar;

import io.heimdex.archive.probe.MediaInfo;
import io.heimdex.archive.probe.MediaInfo.StreamInfo;
import io.heimdex.archive.probe.MediaInfo.Timing;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.WarningCode;
import io.heimdex.archive.sidecar.SidecarDocument.Attachment;
import io.heimdex.archive.sidecar.SidecarDocument.Audio;
import io.heimdex.archive.sidecar.SidecarDocument.Format;
import io.heimdex.archive.sidecar.SidecarDocument.Hash;
import io.heimdex.archive.sidecar.SidecarDocument.Hdr;
import io.heimdex.archive.sidecar.SidecarDocument.HdrClass;
import io.heimdex.archive.sidecar.SidecarDocument.Provenance;
import io.heimdex.archive.sidecar.SidecarDocument.SelectionPolicy;
import io.heimdex.archive.sidecar.SidecarDocument.Source;
import io.heimdex.archive.sidecar.SidecarDocument.Subtitle;
import io.heimdex.archive.sidecar.SidecarDocument.SubtitleKind;
import io.heimdex.archive.sidecar.SidecarDocument.Thumbnails;
import io.heimdex.archive.sidecar.SidecarDocument.Timecode;
import io.heimdex.archive.sidecar.SidecarDocument.Tools;
import io.heimdex.archive.sidecar.SidecarDocument.Video;
import io.heimdex.archive.storage.AssetId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes the sidecar document of a probed file. */
@Component
public class SidecarAssembler {

    private static final String PARSER = "heimdex-archive " + SidecarDocument.SCHEMA_VERSION;
    private static final SelectionPolicy POLICY =
            new SelectionPolicy("default_then_largest", "default_then_channels_then_rate");

    /** A semicolon or a point before the frames says that numbers are dropped. */
    private static final Pattern TIMECODE =
            Pattern.compile("\\d{2}:\\d{2}:\\d{2}(?::|([;.]))\\d{2,3}");

    private final MediaProber prober;
    private final Clock clock;

    public SidecarAssembler(MediaProber prober, Clock clock) {
        this.prober = prober;
        this.clock = clock;
    }

    /** The document of a file as it was just probed. */
    public SidecarDocument assemble(SidecarSource source, Probed probed) {
        MediaInfo media = probed.media();
        List<StreamInfo> streams = media.streams();
        Optional<StreamInfo> video = mainVideo(streams);
        Optional<StreamInfo> audio = mainAudio(streams);
        Optional<Video> picture = video.map(stream -> VideoAssembler.video(media, stream));
        List<Warning> warnings = warnings(probed, picture, audio);
        AssetId id = source.assetId();
        return new SidecarDocument(
                SidecarDocument.SCHEMA_VERSION,
                id.value(),
                new Source(
                        "file",
                        source.uri(),
                        source.filename(),
                        source.sizeBytes(),
                        CreationTimes.earliest(tagsOf(media)).orElse(source.modifiedAt()),
                        source.modifiedAt(),
                        new Hash(id.hashAlgorithm(), id.hash())),
                format(media),
                picture.orElse(null),
                audio.map(SidecarAssembler::audio).orElse(null),
                streams.stream().map(SidecarAssembler::stream).toList(),
                new Thumbnails(null, List.of()),
                new Provenance(
                        clock.instant(),
                        new Tools(prober.tools().ffprobe(), null, PARSER),
                        POLICY,
                        id.strong() ? "strong" : "weak",
                        source.fingerprint()),
                warnings.stream().map(odd -> odd.code().code()).distinct().toList(),
                List.of(),
                warnings.stream()
                        .map(odd -> new SidecarDocument.Warning(odd.code().code(), odd.message()))
                        .toList(),
                timecode(media, video).orElse(null),
                media.chapters().stream().map(SidecarAssembler::chapter).toList(),
                media.programs().stream().map(SidecarAssembler::program).toList(),
                streams.stream()
                        .filter(stream -> stream.type().equals("subtitle"))
                        .map(SidecarAssembler::subtitle)
                        .toList(),
                streams.stream()
                        .filter(stream -> stream.type().equals("attachment"))
                        .map(SidecarAssembler::attachment)
                        .toList(),
                null);
    }

    private static Format format(MediaInfo media) {
        return new Format(
                media.container(),
                media.durationSeconds(),
                kilobits(media.bitRate()),
                media.tags(),
                media.startSeconds(),
                media.indexFirst(),
                Tags.find(media.tags(), "encoder").or(() -> product(media)).orElse(null));
    }

    /** How MXF names the program. */
    private static Optional<String> product(MediaInfo media) {
        String name =
                Stream.of("company_name", "product_name", "product_version")
                        .flatMap(tag -> Tags.find(media.tags(), tag).stream())
                        .collect(Collectors.joining(" "));
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    /**
     * The first that the file marks as default, else the one with the largest picture. A cover is
     * no video.
     */
    private static Optional<StreamInfo> mainVideo(List<StreamInfo> streams) {
        List<StreamInfo> videos =
                streams.stream()
                        .filter(stream ->
                                stream.type().equals("video") && !stream.attachedPicture())
                        .toList();
        return videos.stream()
                .filter(StreamInfo::isDefault)
                .findFirst()
                .or(() -> firstMax(videos, Comparator.comparingDouble(SidecarAssembler::area)));
    }

    /**
     * The first that the file marks as default, else the one with most channels, then with the
     * highest rate.
     */
    private static Optional<StreamInfo> mainAudio(List<StreamInfo> streams) {
        List<StreamInfo> audios =
                streams.stream().filter(stream -> stream.type().equals("audio")).toList();
        return audios.stream()
                .filter(StreamInfo::isDefault)
                .findFirst()
                .or(() ->
                        firstMax(
                                audios,
                                Comparator.<StreamInfo>comparingInt(
                                                stream -> orZero(stream.sound().channels()))
                                        .thenComparingInt(
                                                stream -> orZero(stream.sound().sampleRate()))));
    }

    private static Optional<StreamInfo> firstMax(
            List<StreamInfo> streams, Comparator<StreamInfo> order) {
        return streams.stream().reduce((a, b) -> order.compare(b, a) > 0 ? b : a);
    }

    private static double area(StreamInfo stream) {
        Long width = stream.picture().width();
        Long height = stream.picture().height();
        return width == null || height == null ? 0 : (double) width * height;
    }

    private static Audio audio(StreamInfo stream) {
        return new Audio(
                stream.codec(),
                stream.sound().channels(),
                stream.sound().sampleRate(),
                kilobits(stream.bitRate()),
                stream.index(),
                stream.mimeCodec(),
                stream.profile(),
                stream.sound().layout(),
                stream.sound().sampleFormat(),
                stream.sound().bitDepth(),
                Tags.language(stream.tags()).orElse(null));
    }

    private static SidecarDocument.Stream stream(StreamInfo stream) {
        Timing timing = stream.timing();
        return new SidecarDocument.Stream(
                stream.index(),
                stream.type(),
                stream.codec(),
                timing.averageFrameRate(),
                timing.realFrameRate(),
                stream.picture().width(),
                stream.picture().height(),
                stream.sound().channels(),
                stream.sound().sampleRate(),
                kilobits(stream.bitRate()),
                stream.isDefault(),
                stream.tags(),
                stream.codecTag(),
                stream.profile(),
                Tags.language(stream.tags()).orElse(null),
                Tags.find(stream.tags(), "title").orElse(null),
                List.copyOf(stream.dispositions()),
                stream.sound().layout(),
                stream.picture().pixelFormat(),
                timing.timeBase(),
                timing.startTicks(),
                timing.durationTicks(),
                timing.startSeconds(),
                timing.durationSeconds(),
                VideoAssembler.frames(stream));
    }

    /** The main video tells it best, then any other stream, then the container. */
    private static Optional<Timecode> timecode(MediaInfo media, Optional<StreamInfo> video) {
        return Stream.concat(video.stream(), media.streams().stream())
                .flatMap(stream -> timecode(stream.tags(), stream.index()).stream())
                .findFirst()
                .or(() -> timecode(media.tags(), null));
    }

    private static Optional<Timecode> timecode(
            Map<String, String> tags, @Nullable Integer streamIndex) {
        return Tags.find(tags, "timecode")
                .map(TIMECODE::matcher)
                .filter(Matcher::matches)
                .map(match -> new Timecode(match.group(), match.group(1) != null, streamIndex));
    }

    private static SidecarDocument.Chapter chapter(MediaInfo.Chapter chapter) {
        return new SidecarDocument.Chapter(
                chapter.startSeconds(),
                chapter.endSeconds(),
                chapter.title(),
                chapter.timeBase(),
                chapter.startTicks(),
                chapter.endTicks());
    }

    private static SidecarDocument.Program program(MediaInfo.Program program) {
        return new SidecarDocument.Program(
                program.id(),
                program.number(),
                program.name(),
                program.provider(),
                program.streams());
    }

    private static Subtitle subtitle(StreamInfo stream) {
        return new Subtitle(
                stream.index(),
                stream.codec(),
                subtitleKind(stream.codec()),
                Tags.language(stream.tags()).orElse(null),
                Tags.find(stream.tags(), "title").orElse(null),
                stream.isDefault(),
                stream.dispositions().contains("forced"),
                stream.dispositions().contains("hearing_impaired"));
    }

    private static @Nullable SubtitleKind subtitleKind(@Nullable String codec) {
        return switch (codec) {
            case "hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle", "xsub" -> SubtitleKind.BITMAP;
            case "eia_608" -> SubtitleKind.CAPTIONS;
            case "subrip",
                    "ass",
                    "ssa",
                    "mov_text",
                    "webvtt",
                    "text",
                    "ttml",
                    "hdmv_text_subtitle" ->
                    SubtitleKind.TEXT;
            case null, default -> null;
        };
    }

    private static Attachment attachment(StreamInfo stream) {
        return new Attachment(
                stream.index(),
                Tags.find(stream.tags(), "filename").orElse(null),
                Tags.find(stream.tags(), "mimetype").orElse(null),
                stream.codec());
    }

    private static List<Warning> warnings(
            Probed probed, Optional<Video> video, Optional<StreamInfo> audio) {
        List<Warning> warnings = new ArrayList<>();
        if (probed.media().durationSeconds() == null) {
            warnings.add(new Warning(WarningCode.DURATION_UNAVAILABLE));
        }
        if (video.isPresent() && video.map(Video::frameRate).isEmpty()) {
            warnings.add(new Warning(WarningCode.FRAME_RATE_UNAVAILABLE));
        }
        if (audio.isEmpty()) {
            warnings.add(new Warning(WarningCode.NO_AUDIO_STREAM));
        }
        if (video.map(Video::hdr).map(Hdr::type).filter(HdrClass.INVALID::equals).isPresent()) {
            warnings.add(new Warning(WarningCode.HDR_CONTRADICTORY));
        }
        warnings.addAll(probed.warnings());
        return List.copyOf(warnings);
    }

    private static Stream<Map<String, String>> tagsOf(MediaInfo media) {
        return Stream.concat(
                Stream.of(media.tags()), media.streams().stream().map(StreamInfo::tags));
    }

    static @Nullable Long kilobits(@Nullable Long bits) {
        return bits == null ? null : Long.valueOf(Math.round(bits / 1000.0));
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
