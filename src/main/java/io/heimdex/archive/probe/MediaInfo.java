package io.heimdex.archive.probe;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a media file holds, as its container tells it.
 *
 * @param container the format's names, comma-separated where the tool does not tell relatives apart
 * @param durationSeconds {@code null} if unknown
 * @param bitRate of the whole file, in bits a second
 * @param tags of the container, as written
 */
public record MediaInfo(
        String container,
        @Nullable Double durationSeconds,
        @Nullable Long bitRate,
        Map<String, String> tags,
        List<StreamInfo> streams) {

    /**
     * One stream.
     *
     * @param type video, audio, subtitle, data or attachment
     * @param pixelAspectRatio width to height of a pixel, as {@code a:b}
     * @param averageFrameRate frames a second as a fraction {@code a/b}
     * @param realFrameRate the lowest frame rate that hits every timestamp, as a fraction {@code
     *     a/b}
     * @param sampleRate in Hz
     * @param bitRate in bits a second
     * @param attachedPicture whether it is a picture attached to something else, such as a cover
     */
    public record StreamInfo(
            int index,
            String type,
            @Nullable String codec,
            @Nullable String profile,
            @Nullable Long width,
            @Nullable Long height,
            @Nullable String pixelAspectRatio,
            @Nullable String averageFrameRate,
            @Nullable String realFrameRate,
            @Nullable String colorSpace,
            @Nullable String colorTransfer,
            @Nullable String colorPrimaries,
            @Nullable Integer channels,
            @Nullable Integer sampleRate,
            @Nullable Long bitRate,
            boolean isDefault,
            boolean attachedPicture,
            Map<String, String> tags) {

        /** Frames a second to two decimals: the average, else the real one, if either is known. */
        public Optional<Double> frameRate() {
            return Fractions.parse(averageFrameRate, '/')
                    .or(() -> Fractions.parse(realFrameRate, '/'))
                    .map(rate -> Math.round(rate * 100) / 100.0);
        }
    }
}
