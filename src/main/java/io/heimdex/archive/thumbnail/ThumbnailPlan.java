package io.heimdex.archive.thumbnail;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which pictures to take of a file.
 *
 * @param stream the video's place in the file
 * @param duration in seconds, {@code null} for a still picture
 * @param seconds at which a picture is taken: the poster first, then the samples; one of a still
 * @param light how to bring its light and colours to those of a JPEG
 */
public record ThumbnailPlan(
        int stream,
        @Nullable Double duration,
        List<Double> seconds,
        int width,
        int height,
        Light light) {

    /** What comes out of the decoder. */
    public enum Light {
        STANDARD,
        PQ,
        HLG,
        /** Colours that only the owner of a patented decoder could make sense of. */
        UNKNOWN
    }

    /** Pictures of a file in which time goes by. */
    public static ThumbnailPlan ofVideo(
            int stream,
            double duration,
            long shownWidth,
            long shownHeight,
            Light light,
            ThumbnailPolicy policy) {
        List<Double> seconds = new ArrayList<>();
        seconds.add(duration / 2);
        seconds.addAll(policy.samples(duration));
        ThumbnailPolicy.Size size = policy.fit(shownWidth, shownHeight);
        return new ThumbnailPlan(stream, duration, seconds, size.width(), size.height(), light);
    }

    /** The one picture of a still, or of a cover. */
    public static ThumbnailPlan ofStill(
            int stream, long shownWidth, long shownHeight, Light light, ThumbnailPolicy policy) {
        ThumbnailPolicy.Size size = policy.fit(shownWidth, shownHeight);
        return new ThumbnailPlan(stream, null, List.of(0.0), size.width(), size.height(), light);
    }
}
