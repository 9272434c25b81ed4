package io.heimdex.archive.sidecar;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the names of FFmpeg's pixel formats say. */
final class PixelFormats {

    /** Planar YUV, with or without alpha: the samples of colour, then the bits if not 8. */
    private static final Pattern PLANAR =
            Pattern.compile("yuv[aj]?(4[0-4][0-4])p(\\d{1,2})?(?:le|be|msb.*)?");

    /** Semi-planar and packed YUV by their names. */
    private static final Pattern SEMI_PLANAR = Pattern.compile("[py]([024])(\\d{2})(?:le|be)");

    private static final Pattern GRAY = Pattern.compile("(?:gray|ya)f?(\\d{1,2})?(?:le|be)?");
    private static final Pattern RGB_PLANES = Pattern.compile("gbra?p(\\d{1,2})?(?:le|be)?");
    private static final Pattern RGB_PACKED =
            Pattern.compile(
                    "(?:x2)?(?:argb|rgba|abgr|bgra|rgb|bgr|0rgb|rgb0|0bgr|bgr0)(\\d{1,2})?(?:le|be)?");

    private static final Map<String, String> NAMED =
            Map.of(
                    "nv12", "4:2:0",
                    "nv21", "4:2:0",
                    "nv16", "4:2:2",
                    "nv24", "4:4:4",
                    "nv42", "4:4:4",
                    "uyvy422", "4:2:2",
                    "yuyv422", "4:2:2",
                    "yvyu422", "4:2:2",
                    "uyyvyy411", "4:1:1");

    /** Bits of a whole packed pixel to those of one sample. */
    private static final Map<Integer, Integer> PACKED_BITS =
            Map.of(24, 8, 32, 8, 48, 16, 64, 16, 10, 10, 30, 10);

    private PixelFormats() {}

    /** Such as 4:2:0; empty for RGB, and for what is not known. */
    static Optional<String> chromaSubsampling(@Nullable String format) {
        if (format == null) {
            return Optional.empty();
        }
        if (NAMED.containsKey(format)) {
            return Optional.ofNullable(NAMED.get(format));
        }
        Matcher planar = PLANAR.matcher(format);
        if (planar.matches()) {
            String digits = planar.group(1);
            return Optional.of(digits.charAt(0) + ":" + digits.charAt(1) + ":" + digits.charAt(2));
        }
        Matcher semiPlanar = SEMI_PLANAR.matcher(format);
        if (semiPlanar.matches()) {
            return Optional.of(
                    switch (semiPlanar.group(1)) {
                        case "0" -> "4:2:0";
                        case "2" -> "4:2:2";
                        default -> "4:4:4";
                    });
        }
        return GRAY.matcher(format).matches() ? Optional.of("4:0:0") : Optional.empty();
    }

    /** Bits of one sample, as the format's name tells. */
    static Optional<Integer> bitDepth(@Nullable String format) {
        if (format == null) {
            return Optional.empty();
        }
        if (NAMED.containsKey(format) || format.equals("pal8")) {
            return Optional.of(8);
        }
        for (Pattern pattern : new Pattern[] {PLANAR, SEMI_PLANAR}) {
            Matcher yuv = pattern.matcher(format);
            if (yuv.matches()) {
                return Optional.of(bits(yuv.group(2)));
            }
        }
        for (Pattern pattern : new Pattern[] {GRAY, RGB_PLANES}) {
            Matcher planes = pattern.matcher(format);
            if (planes.matches()) {
                return Optional.of(bits(planes.group(1)));
            }
        }
        Matcher packed = RGB_PACKED.matcher(format);
        if (packed.matches()) {
            return packed.group(1) == null
                    ? Optional.of(8)
                    : Optional.ofNullable(PACKED_BITS.get(Integer.valueOf(packed.group(1))));
        }
        return Optional.empty();
    }

    private static int bits(@Nullable String digits) {
        return digits == null ? 8 : Integer.parseInt(digits);
    }
}
