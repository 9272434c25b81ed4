package io.heimdex.archive.probe;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fractions as ffprobe writes them: {@code 30000/1001}, {@code 4:3}. */
public final class Fractions {

    private Fractions() {}

    /** Empty if the text is absent or no fraction, or if the value is zero or undefined. */
    public static Optional<Double> parse(@Nullable String text, char separator) {
        int at = text == null ? -1 : text.indexOf(separator);
        if (text == null || at < 0) {
            return Optional.empty();
        }
        try {
            double value =
                    (double) Long.parseLong(text.substring(0, at))
                            / Long.parseLong(text.substring(at + 1));
            return Double.isFinite(value) && value > 0 ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
