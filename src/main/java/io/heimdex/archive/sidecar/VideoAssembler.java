package io.heimdex.archive.sidecar;

import io.heimdex.archive.probe.Fractions;
import io.heimdex.archive.probe.MediaInfo;
import io.heimdex.archive.probe.MediaInfo.FirstFrame;
import io.heimdex.archive.probe.MediaInfo.Picture;
import io.heimdex.archive.probe.MediaInfo.StreamInfo;
import io.heimdex.archive.probe.MediaInfo.Timing;
import io.heimdex.archive.sidecar.SidecarDocument.FieldOrder;
import io.heimdex.archive.sidecar.SidecarDocument.FrameRateBasis;
import io.heimdex.archive.sidecar.SidecarDocument.FrameRateMode;
import io.heimdex.archive.sidecar.SidecarDocument.ScanType;
import io.heimdex.archive.sidecar.SidecarDocument.Video;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Describes the main picture stream of a file. */
final class VideoAssembler {

    /** Less than what lies between 23.976 and 24. */
    private static final double SAME_RATE = 0.0005;

    private VideoAssembler() {}

    static Video video(MediaInfo media, StreamInfo stream) {
        Picture picture = stream.picture();
        Timing timing = stream.timing();
        FirstFrame frame =
                media.firstFrame() != null && media.firstFrame().stream() == stream.index()
                        ? media.firstFrame()
                        : null;
        Integer bitDepth =
                Optional.ofNullable(picture.bitDepth())
                        .or(() -> PixelFormats.bitDepth(picture.pixelFormat()))
                        .orElse(null);
        Optional<Double> pixelAspect = Fractions.parse(picture.pixelAspectRatio(), ':');
        int rotation =
                clockwise(
                        picture.rotation() != null || frame == null
                                ? picture.rotation()
                                : frame.rotation());
        Long width = scaled(picture.width(), pixelAspect.orElse(1.0));
        boolean onItsSide = rotation % 180 != 0;
        FrameRateMode mode = frameRateMode(media, timing);
        return new Video(
                stream.codec(),
                stream.profile(),
                picture.width(),
                picture.height(),
                pixelAspect.orElse(1.0),
                timing.frameRate().orElse(null),
                picture.colorSpace(),
                picture.colorTransfer(),
                picture.colorPrimaries(),
                stream.index(),
                stream.mimeCodec(),
                CodecLevels.name(stream.codec(), stream.level()),
                picture.pixelFormat(),
                bitDepth,
                PixelFormats.chromaSubsampling(picture.pixelFormat()).orElse(null),
                colorRange(picture.colorRange()),
                pixelAspect.isPresent() ? picture.pixelAspectRatio() : null,
                Fractions.parse(picture.displayAspectRatio(), ':').isPresent()
                        ? picture.displayAspectRatio()
                        : null,
                onItsSide ? picture.height() : width,
                onItsSide ? width : picture.height(),
                rotation,
                scanType(picture.fieldOrder()),
                fieldOrder(picture.fieldOrder()),
                timing.exactFrameRate().orElse(null),
                mode,
                mode == null ? null : basis(media, timing),
                frames(stream),
                SidecarAssembler.kilobits(stream.bitRate()),
                Tags.language(stream.tags()).orElse(null),
                Tags.find(stream.tags(), "encoder").orElse(null),
                frame == null ? null : told(stream, frame.closedCaptions()),
                DynamicRanges.of(stream, bitDepth, frame));
    }

    /** What is beside the first frame; libaom, which decodes AV1, hands nothing of it on. */
    static @Nullable Boolean told(StreamInfo stream, boolean found) {
        return (!found && "av1".equals(stream.codec())) ? null : Boolean.valueOf(found);
    }

    /** Frames as the container counts them, or as its writer did. */
    static @Nullable Long frames(StreamInfo stream) {
        if (stream.timing().frames() != null) {
            return stream.timing().frames();
        }
        return Tags.find(stream.tags(), "NUMBER_OF_FRAMES")
                .or(() -> Tags.find(stream.tags(), "NUMBER_OF_FRAMES-eng"))
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::valueOf)
                .orElse(null);
    }

    private static int clockwise(@Nullable Double rotation) {
        return rotation == null ? 0 : (int) Math.floorMod(Math.round(-rotation), 360L);
    }

    private static @Nullable Long scaled(@Nullable Long width, double pixelAspect) {
        return width == null ? null : Long.valueOf(Math.round(width * pixelAspect));
    }

    private static @Nullable String colorRange(@Nullable String range) {
        return switch (range) {
            case "tv" -> "limited";
            case "pc" -> "full";
            case null, default -> null;
        };
    }

    private static @Nullable ScanType scanType(@Nullable String fieldOrder) {
        return switch (fieldOrder) {
            case "progressive" -> ScanType.PROGRESSIVE;
            case "tt", "bb", "tb", "bt" -> ScanType.INTERLACED;
            case null, default -> null;
        };
    }

    /** ffprobe names the field that is coded first, then the one that is shown first. */
    private static @Nullable FieldOrder fieldOrder(@Nullable String fieldOrder) {
        return switch (fieldOrder) {
            case "tt", "bt" -> FieldOrder.TOP_FIRST;
            case "bb", "tb" -> FieldOrder.BOTTOM_FIRST;
            case null, default -> null;
        };
    }

    /** A single picture has no rate, whatever is said of it. */
    private static @Nullable FrameRateMode frameRateMode(MediaInfo media, Timing timing) {
        Optional<Double> average = Fractions.parse(timing.averageFrameRate(), '/');
        Optional<Double> real = Fractions.parse(timing.realFrameRate(), '/');
        boolean stillPicture =
                media.container().endsWith("_pipe")
                        || (timing.frames() != null && timing.frames() < 2);
        if (!timing.averageIsPossible() || real.isEmpty() || stillPicture) {
            return null;
        }
        double ratio = real.get() / average.orElseThrow();
        // Two fields make a frame.
        return Math.abs(ratio - 1) < SAME_RATE || Math.abs(ratio - 2) < SAME_RATE
                ? FrameRateMode.CONSTANT
                : FrameRateMode.VARIABLE;
    }

    private static FrameRateBasis basis(MediaInfo media, Timing timing) {
        return media.container().startsWith("mov,") && timing.frames() != null
                ? FrameRateBasis.SAMPLE_TIMES
                : FrameRateBasis.HEADERS;
    }
}
