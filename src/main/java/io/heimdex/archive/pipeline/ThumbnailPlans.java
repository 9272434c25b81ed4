package io.heimdex.archive.pipeline;

import io.heimdex.archive.sidecar.SidecarDocument;
import io.heimdex.archive.sidecar.SidecarDocument.DolbyVisionFallback;
import io.heimdex.archive.sidecar.SidecarDocument.Hdr;
import io.heimdex.archive.sidecar.SidecarDocument.Video;
import io.heimdex.archive.thumbnail.ThumbnailPlan;
import io.heimdex.archive.thumbnail.ThumbnailPlan.Light;
import io.heimdex.archive.thumbnail.ThumbnailPolicy;
import java.util.Objects;
import java.util.Optional;

/** Which pictures to take of an asset, by what its sidecar says. */
final class ThumbnailPlans {

    /** A shorter video is a still: some muxers give those the length of a frame. */
    private static final double MIN_SECONDS = 0.5;

    private ThumbnailPlans() {}

    /** Of its video, else of its cover; empty if there is nothing to see. */
    static Optional<ThumbnailPlan> of(SidecarDocument document, ThumbnailPolicy policy) {
        Video video = document.video();
        if (video == null || video.displayWidthPx() == null || video.displayHeightPx() == null) {
            return cover(document, policy);
        }
        Double duration = document.format().durationS();
        if (duration == null || duration < MIN_SECONDS || Objects.equals(video.frameCount(), 1L)) {
            return Optional.of(
                    ThumbnailPlan.ofStill(
                            video.streamIndex(),
                            video.displayWidthPx(),
                            video.displayHeightPx(),
                            light(video),
                            policy));
        }
        return Optional.of(
                ThumbnailPlan.ofVideo(
                        video.streamIndex(),
                        duration,
                        video.displayWidthPx(),
                        video.displayHeightPx(),
                        light(video),
                        policy));
    }

    private static Optional<ThumbnailPlan> cover(SidecarDocument document, ThumbnailPolicy policy) {
        return document.streams().stream()
                .filter(stream ->
                        stream.dispositions().contains("attached_pic")
                                && stream.widthPx() != null
                                && stream.heightPx() != null)
                .findFirst()
                .map(stream ->
                        ThumbnailPlan.ofStill(
                                stream.index(),
                                Objects.requireNonNull(stream.widthPx()),
                                Objects.requireNonNull(stream.heightPx()),
                                Light.STANDARD,
                                policy));
    }

    private static Light light(Video video) {
        Hdr hdr = video.hdr();
        if (hdr.dolbyVision() != null && hdr.dolbyVision().fallback() == DolbyVisionFallback.NONE) {
            return Light.UNKNOWN;
        }
        return switch (Objects.requireNonNullElse(video.colorTransfer(), "")) {
            case "smpte2084" -> Light.PQ;
            case "arib-std-b67" -> Light.HLG;
            default -> Light.STANDARD;
        };
    }
}
