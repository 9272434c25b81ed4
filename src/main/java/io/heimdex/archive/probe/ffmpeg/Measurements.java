package io.heimdex.archive.probe.ffmpeg;

import io.heimdex.archive.probe.DeepFacts;
import io.heimdex.archive.probe.DeepFacts.Loudness;
import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.WarningCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what ffmpeg tells at the end of a run. A file's tags are told before it, and may look the
 * same: the last one counts.
 */
final class Measurements {

    private static final Pattern FRAMES = Pattern.compile("frame= *(\\d{1,18})\\b");
    private static final Pattern INTEGRATED = Pattern.compile("I: +(\\S+) LUFS");
    private static final Pattern RANGE = Pattern.compile("LRA: +(\\S+) LU");
    private static final Pattern PEAK = Pattern.compile("Peak: +(\\S+) dBFS");

    private Measurements() {}

    static DeepFacts read(String told, boolean video, boolean audio) {
        String frames = video ? last(FRAMES, told) : null;
        boolean measured = last(INTEGRATED, told) != null;
        Loudness loudness =
                audio && measured
                        ? new Loudness(
                                number(last(INTEGRATED, told)),
                                number(last(RANGE, told)),
                                number(last(PEAK, told)))
                        : null;
        boolean missing = (video && frames == null) || (audio && !measured);
        return new DeepFacts(
                frames == null ? null : Long.valueOf(frames),
                loudness,
                missing
                        ? new Warning(
                                WarningCode.DEEP_PROBE_FAILED,
                                "ffmpeg told too much of the file's tags to tell what it measured.")
                        : null);
    }

    private static @Nullable String last(Pattern pattern, String told) {
        Matcher matcher = pattern.matcher(told);
        String last = null;
        while (matcher.find()) {
            last = matcher.group(1);
        }
        return last;
    }

    /** Silence is minus infinity. */
    private static @Nullable Double number(@Nullable String text) {
        try {
            Double number = text == null ? null : Double.valueOf(text);
            return number == null || !Double.isFinite(number) ? null : number;
        } catch (NumberFormatException _) {
            return null;
        }
    }
}
