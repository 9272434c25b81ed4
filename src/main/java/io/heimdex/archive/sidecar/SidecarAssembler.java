package io.heimdex.archive.sidecar;

import io.heimdex.archive.probe.Fractions;
import io.heimdex.archive.probe.MediaInfo;
import io.heimdex.archive.probe.MediaInfo.StreamInfo;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.sidecar.SidecarDocument.Audio;
import io.heimdex.archive.sidecar.SidecarDocument.Format;
import io.heimdex.archive.sidecar.SidecarDocument.Hash;
import io.heimdex.archive.sidecar.SidecarDocument.Provenance;
import io.heimdex.archive.sidecar.SidecarDocument.SelectionPolicy;
import io.heimdex.archive.sidecar.SidecarDocument.Source;
import io.heimdex.archive.sidecar.SidecarDocument.Thumbnails;
import io.heimdex.archive.sidecar.SidecarDocument.Tools;
import io.heimdex.archive.sidecar.SidecarDocument.Video;
import io.heimdex.archive.storage.AssetId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes the sidecar document of a probed file. */
@Component
public class SidecarAssembler {

    private static final String PARSER = "heimdex-archive " + SidecarDocument.SCHEMA_VERSION;
    private static final SelectionPolicy POLICY =
            new SelectionPolicy("default_then_largest", "default_then_channels_then_rate");

    private final MediaProber prober;
    private final Clock clock;

    public SidecarAssembler(MediaProber prober, Clock clock) {
        this.prober = prober;
        this.clock = clock;
    }

    /** The document of a file as it was just probed. */
    public SidecarDocument assemble(SidecarSource source, Probed probed) {
        MediaInfo media = probed.media();
        Optional<StreamInfo> video = mainVideo(media.streams());
        Optional<StreamInfo> audio = mainAudio(media.streams());
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
                new Format(
                        media.container(),
                        media.durationSeconds(),
                        kilobits(media.bitRate()),
                        media.tags()),
                video.map(SidecarAssembler::video).orElse(null),
                audio.map(SidecarAssembler::audio).orElse(null),
                media.streams().stream().map(SidecarAssembler::stream).toList(),
                new Thumbnails(null, List.of()),
                new Provenance(
                        clock.instant(),
                        new Tools(prober.tools().ffprobe(), null, PARSER),
                        POLICY,
                        id.strong() ? "strong" : "weak",
                        source.fingerprint()),
                warnings(probed, video, audio),
                List.of());
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
                                                stream -> orZero(stream.channels()))
                                        .thenComparingInt(stream -> orZero(stream.sampleRate()))));
    }

    private static Optional<StreamInfo> firstMax(
            List<StreamInfo> streams, Comparator<StreamInfo> order) {
        return streams.stream().reduce((a, b) -> order.compare(b, a) > 0 ? b : a);
    }

    private static double area(StreamInfo stream) {
        Long width = stream.width();
        Long height = stream.height();
        return width == null || height == null ? 0 : (double) width * height;
    }

    private static Video video(StreamInfo stream) {
        return new Video(
                stream.codec(),
                stream.profile(),
                stream.width(),
                stream.height(),
                Fractions.parse(stream.pixelAspectRatio(), ':').orElse(1.0),
                stream.frameRate().orElse(null),
                stream.colorSpace(),
                stream.colorTransfer(),
                stream.colorPrimaries());
    }

    private static Audio audio(StreamInfo stream) {
        return new Audio(
                stream.codec(), stream.channels(), stream.sampleRate(), kilobits(stream.bitRate()));
    }

    private static SidecarDocument.Stream stream(StreamInfo stream) {
        return new SidecarDocument.Stream(
                stream.index(),
                stream.type(),
                stream.codec(),
                stream.averageFrameRate(),
                stream.realFrameRate(),
                stream.width(),
                stream.height(),
                stream.channels(),
                stream.sampleRate(),
                kilobits(stream.bitRate()),
                stream.isDefault(),
                stream.tags());
    }

    private static List<String> warnings(
            Probed probed, Optional<StreamInfo> video, Optional<StreamInfo> audio) {
        List<String> warnings = new ArrayList<>();
        if (probed.media().durationSeconds() == null) {
            warnings.add("duration_unavailable");
        }
        if (video.isPresent() && video.flatMap(StreamInfo::frameRate).isEmpty()) {
            warnings.add("frame_rate_unavailable");
        }
        if (audio.isEmpty()) {
            warnings.add("no_audio_stream");
        }
        warnings.addAll(probed.warnings());
        return List.copyOf(warnings);
    }

    private static Stream<Map<String, String>> tagsOf(MediaInfo media) {
        return Stream.concat(
                Stream.of(media.tags()), media.streams().stream().map(StreamInfo::tags));
    }

    private static @Nullable Long kilobits(@Nullable Long bits) {
        return bits == null ? null : Long.valueOf(Math.round(bits / 1000.0));
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
