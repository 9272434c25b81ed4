package io.heimdex.archive.sidecar;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Levels of codecs as their standards write them. */
final class CodecLevels {

    private static final Map<Long, String> MPEG2 =
            Map.of(4L, "High", 6L, "High 1440", 8L, "Main", 10L, "Low");

    private CodecLevels() {}

    /** {@code null} if the number has no meaning for the codec. */
    static @Nullable String name(@Nullable String codec, @Nullable Long level) {
        if (codec == null || level == null) {
            return null;
        }
        return switch (codec) {
            // 9 is how 1b is written for some profiles.
            case "h264" -> level == 9 ? "1b" : level == 0 ? null : tenths(level);
            case "hevc" -> level == 0 ? null : tenths(level / 3);
            case "vp9" -> level == 0 ? null : tenths(level);
            case "av1" -> level > 23 ? null : (2 + level / 4) + "." + level % 4;
            case "mpeg2video" -> MPEG2.get(level);
            default -> null;
        };
    }

    private static String tenths(long level) {
        return level % 10 == 0 ? String.valueOf(level / 10) : level / 10 + "." + level % 10;
    }
}
