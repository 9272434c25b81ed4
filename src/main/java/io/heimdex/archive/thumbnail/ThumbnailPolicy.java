package io.heimdex.archive.thumbnail;

import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which pictures are wanted, where it is not the usual ones: a poster from the middle, and from a
 * minute on two samples, 320 pixels wide.
 *
 * @param intervalS seconds from one sample to the next
 * @param maxCount how many samples there are at most
 * @param maxHeight the height in pixels into which pictures are fitted, if theirs is larger
 */
public record ThumbnailPolicy(
        @DecimalMin(value = "0", inclusive = false) @Nullable Double intervalS,
        @Min(1) @Max(MAX_SAMPLES) @Nullable Integer maxCount,
        @Min(64) @Max(MAX_SIDE) @Nullable Integer maxHeight) {

    /** The usual pictures. */
    public static final ThumbnailPolicy USUAL = new ThumbnailPolicy(null, null, null);

    private static final int MAX_SAMPLES = 50;
    private static final int MAX_SIDE = 4096;
    private static final int WIDTH = 320;
    private static final double LONG_SECONDS = 60;
    private static final List<Double> USUAL_PLACES = List.of(0.2, 0.8);

    /** Seconds at which samples of a file of this length are taken, ascending. */
    List<Double> samples(double duration) {
        if (intervalS != null) {
            return IntStream.rangeClosed(1, Objects.requireNonNullElse(maxCount, MAX_SAMPLES))
                    .mapToObj(i -> i * intervalS)
                    .takeWhile(second -> second < duration)
                    .toList();
        }
        if (maxCount != null) {
            return IntStream.rangeClosed(1, maxCount)
                    .mapToObj(i -> duration * i / (maxCount + 1))
                    .toList();
        }
        return duration < LONG_SECONDS
                ? List.of()
                : USUAL_PLACES.stream().map(place -> place * duration).toList();
    }

    /** The size of a picture that is shown in this size. */
    Size fit(long width, long height) {
        double scale =
                maxHeight == null
                        ? (double) WIDTH / width
                        : Math.min(1, (double) maxHeight / height);
        double bounded = Math.min(scale, (double) MAX_SIDE / Math.max(width, height));
        return new Size(pixels(width * bounded), pixels(height * bounded));
    }

    private static int pixels(double length) {
        return Math.max(2, Math.toIntExact(Math.round(length)));
    }

    /** In pixels. */
    record Size(int width, int height) {}
}
