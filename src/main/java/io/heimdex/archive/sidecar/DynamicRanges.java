package io.heimdex.archive.sidecar;

import io.heimdex.archive.probe.MediaInfo;
import io.heimdex.archive.probe.MediaInfo.ContentLight;
import io.heimdex.archive.probe.MediaInfo.FirstFrame;
import io.heimdex.archive.probe.MediaInfo.Picture;
import io.heimdex.archive.probe.MediaInfo.StreamInfo;
import io.heimdex.archive.sidecar.SidecarDocument.Chromaticity;
import io.heimdex.archive.sidecar.SidecarDocument.DolbyVision;
import io.heimdex.archive.sidecar.SidecarDocument.DolbyVisionFallback;
import io.heimdex.archive.sidecar.SidecarDocument.Hdr;
import io.heimdex.archive.sidecar.SidecarDocument.HdrBasis;
import io.heimdex.archive.sidecar.SidecarDocument.HdrClass;
import io.heimdex.archive.sidecar.SidecarDocument.MasteringDisplay;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which kind of dynamic range a picture has, by what its headers and its first frame say. What
 * contradicts itself is invalid: players disagree about what to make of it.
 */
final class DynamicRanges {

    private static final String PQ = "smpte2084";
    private static final String HLG = "arib-std-b67";
    private static final String BT2020 = "bt2020";
    private static final int MIN_HDR_BITS = 10;
    private static final Set<Integer> DOLBY_VISION_PROFILES = Set.of(4, 5, 7, 8, 9, 10, 20);

    private DynamicRanges() {}

    /**
     * @param bitDepth of a sample, if known
     * @param frame {@code null} if it was not looked at
     */
    static Hdr of(StreamInfo stream, @Nullable Integer bitDepth, @Nullable FirstFrame frame) {
        Picture picture = stream.picture();
        HdrBasis basis = basis(picture, bitDepth, frame);
        ContentLight light =
                picture.contentLight() != null || frame == null
                        ? picture.contentLight()
                        : frame.contentLight();
        MediaInfo.MasteringDisplay display =
                picture.masteringDisplay() != null || frame == null
                        ? picture.masteringDisplay()
                        : frame.masteringDisplay();
        return new Hdr(
                kind(picture, basis),
                basis,
                frame == null ? null : VideoAssembler.told(stream, frame.hdr10Plus()),
                dolbyVision(picture.dolbyVision()),
                light == null ? null : light.maximum(),
                light == null ? null : light.frameAverageMaximum(),
                masteringDisplay(display));
    }

    private static HdrBasis basis(
            Picture picture, @Nullable Integer bitDepth, @Nullable FirstFrame frame) {
        String transfer = picture.colorTransfer();
        if (picture.dolbyVision() != null) {
            return dolbyVisionBasis(picture.dolbyVision(), transfer);
        }
        if (transfer == null) {
            return HdrBasis.NOTHING_SIGNALLED;
        }
        if (!transfer.equals(PQ) && !transfer.equals(HLG)) {
            return HdrBasis.COLOR_TRANSFER;
        }
        if (bitDepth != null && bitDepth < MIN_HDR_BITS) {
            return HdrBasis.HDR_IN_8_BITS;
        }
        String primaries = picture.colorPrimaries();
        if (transfer.equals(PQ) && primaries != null && !primaries.equals(BT2020)) {
            return HdrBasis.PQ_WITHOUT_BT2020;
        }
        return transfer.equals(PQ) && frame != null && frame.hdr10Plus()
                ? HdrBasis.DYNAMIC_METADATA
                : HdrBasis.COLOR_TRANSFER;
    }

    private static HdrBasis dolbyVisionBasis(
            MediaInfo.DolbyVision record, @Nullable String transfer) {
        if (!DOLBY_VISION_PROFILES.contains(record.profile())) {
            return HdrBasis.DOLBY_VISION_PROFILE_UNKNOWN;
        }
        if (!record.metadata() || !(record.baseLayer() || record.enhancementLayer())) {
            return HdrBasis.DOLBY_VISION_WITHOUT_ITS_LAYERS;
        }
        DolbyVisionFallback fallback = fallback(record.compatibility());
        if (transfer == null || fallback == null) {
            return HdrBasis.DOLBY_VISION_RECORD;
        }
        boolean fits =
                switch (fallback) {
                    case NONE -> true;
                    case HDR10 -> transfer.equals(PQ);
                    case HLG -> transfer.equals(HLG);
                    case SDR -> !transfer.equals(PQ) && !transfer.equals(HLG);
                };
        return fits
                ? HdrBasis.DOLBY_VISION_RECORD
                : HdrBasis.DOLBY_VISION_FALLBACK_CONTRADICTS_TRANSFER;
    }

    private static HdrClass kind(Picture picture, HdrBasis basis) {
        return switch (basis) {
            case NOTHING_SIGNALLED -> HdrClass.SDR;
            case DYNAMIC_METADATA -> HdrClass.HDR10_PLUS;
            case DOLBY_VISION_RECORD -> HdrClass.DOLBY_VISION;
            case COLOR_TRANSFER ->
                    PQ.equals(picture.colorTransfer())
                            ? HdrClass.HDR10
                            : HLG.equals(picture.colorTransfer()) ? HdrClass.HLG : HdrClass.SDR;
            case HDR_IN_8_BITS,
                    PQ_WITHOUT_BT2020,
                    DOLBY_VISION_PROFILE_UNKNOWN,
                    DOLBY_VISION_WITHOUT_ITS_LAYERS,
                    DOLBY_VISION_FALLBACK_CONTRADICTS_TRANSFER ->
                    HdrClass.INVALID;
        };
    }

    private static @Nullable DolbyVision dolbyVision(MediaInfo.@Nullable DolbyVision record) {
        return record == null
                ? null
                : new DolbyVision(
                        record.profile(),
                        record.level(),
                        record.metadata(),
                        record.baseLayer(),
                        record.enhancementLayer(),
                        record.compatibility(),
                        fallback(record.compatibility()));
    }

    private static @Nullable DolbyVisionFallback fallback(int compatibility) {
        return switch (compatibility) {
            case 0 -> DolbyVisionFallback.NONE;
            // 6 is HDR10 as on a Blu-ray disc.
            case 1, 6 -> DolbyVisionFallback.HDR10;
            case 2 -> DolbyVisionFallback.SDR;
            case 4 -> DolbyVisionFallback.HLG;
            default -> null;
        };
    }

    private static @Nullable MasteringDisplay masteringDisplay(
            MediaInfo.@Nullable MasteringDisplay display) {
        return display == null
                ? null
                : new MasteringDisplay(
                        chromaticity(display.red()),
                        chromaticity(display.green()),
                        chromaticity(display.blue()),
                        chromaticity(display.white()),
                        display.minLuminance(),
                        display.maxLuminance());
    }

    private static @Nullable Chromaticity chromaticity(MediaInfo.@Nullable Chromaticity color) {
        return color == null ? null : new Chromaticity(color.x(), color.y());
    }
}
