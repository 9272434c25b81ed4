package io.heimdex.archive.probe;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a media file holds, as its container tells it.
 *
 * @param container the format's names, comma-separated where the tool does not tell relatives apart
 * @param startSeconds of the first picture or sound; {@code null} if unknown
 * @param durationSeconds {@code null} if unknown
 * @param bitRate of the whole file, in bits a second
 * @param indexFirst whether a player can begin before it has the whole file, because the index
 *     comes before the media; {@code null} for containers that are not looked into for it
 * @param tags of the container, as written
 * @param firstFrame {@code null} if it was not looked at
 */
public record MediaInfo(
        String container,
        @Nullable Double startSeconds,
        @Nullable Double durationSeconds,
        @Nullable Long bitRate,
        @Nullable Boolean indexFirst,
        Map<String, String> tags,
        List<StreamInfo> streams,
        List<Chapter> chapters,
        List<Program> programs,
        @Nullable FirstFrame firstFrame) {

    /** The same file after a look at the order of its parts. */
    public MediaInfo with(@Nullable Boolean found) {
        return copy(found, firstFrame);
    }

    /** The same file after a look at its first frame. */
    public MediaInfo with(FirstFrame frame) {
        return copy(indexFirst, frame);
    }

    private MediaInfo copy(@Nullable Boolean found, @Nullable FirstFrame frame) {
        return new MediaInfo(
                container,
                startSeconds,
                durationSeconds,
                bitRate,
                found,
                tags,
                streams,
                chapters,
                programs,
                frame);
    }

    /**
     * One stream.
     *
     * @param type video, audio, subtitle, data or attachment
     * @param codecTag the container's own name of the codec
     * @param mimeCodec the codec as RFC 6381 writes it
     * @param level as the codec counts it
     * @param bitRate in bits a second
     * @param dispositions what the stream is for, such as default or forced, in the prober's words
     */
    public record StreamInfo(
            int index,
            String type,
            @Nullable String codec,
            @Nullable String codecTag,
            @Nullable String mimeCodec,
            @Nullable String profile,
            @Nullable Long level,
            @Nullable Long bitRate,
            Timing timing,
            Picture picture,
            Sound sound,
            Set<String> dispositions,
            Map<String, String> tags) {

        public boolean isDefault() {
            return dispositions.contains("default");
        }

        /** Whether it is a picture attached to something else, such as a cover. */
        public boolean attachedPicture() {
            return dispositions.contains("attached_pic");
        }
    }

    /**
     * When a stream's parts are shown.
     *
     * @param averageFrameRate frames a second as a fraction {@code a/b}
     * @param realFrameRate the lowest frame rate that hits every timestamp, as a fraction {@code
     *     a/b}
     * @param timeBase seconds of one tick, as a fraction {@code a/b}
     * @param startTicks may be negative
     * @param frames as the container counts them
     */
    public record Timing(
            @Nullable String averageFrameRate,
            @Nullable String realFrameRate,
            @Nullable String timeBase,
            @Nullable Long startTicks,
            @Nullable Double startSeconds,
            @Nullable Long durationTicks,
            @Nullable Double durationSeconds,
            @Nullable Long frames) {

        public static final Timing UNKNOWN =
                new Timing(null, null, null, null, null, null, null, null);

        /** Frames a second to two decimals, as {@link #exactFrameRate}. */
        public Optional<Double> frameRate() {
            return exactFrameRate()
                    .flatMap(rate -> Fractions.parse(rate, '/'))
                    .map(rate -> Math.round(rate * 100) / 100.0);
        }

        /** Frames a second as a fraction: the average, else the real one, if either is known. */
        public Optional<String> exactFrameRate() {
            return Optional.ofNullable(averageIsPossible() ? averageFrameRate : realFrameRate)
                    .filter(rate -> Fractions.parse(rate, '/').isPresent());
        }

        /**
         * For raw DV ffprobe divides by the length of a tick, but nothing shows more than two
         * fields of a frame.
         */
        public boolean averageIsPossible() {
            Optional<Double> real = Fractions.parse(realFrameRate, '/');
            return Fractions.parse(averageFrameRate, '/')
                    .filter(average -> real.isEmpty() || average < 2 * real.get() + 1)
                    .isPresent();
        }
    }

    /**
     * A stream as a picture; all unknown for other streams.
     *
     * @param pixelAspectRatio width to height of a pixel, as {@code a:b}
     * @param displayAspectRatio width to height of the picture, as {@code a:b}
     * @param bitDepth of a sample, if the stream itself tells
     * @param fieldOrder progressive, or which field is coded and which shown first: tt, bb, tb, bt
     * @param rotation in degrees counter-clockwise, by which the picture is to be turned
     */
    public record Picture(
            @Nullable Long width,
            @Nullable Long height,
            @Nullable String pixelAspectRatio,
            @Nullable String displayAspectRatio,
            @Nullable String pixelFormat,
            @Nullable Integer bitDepth,
            @Nullable String colorRange,
            @Nullable String colorSpace,
            @Nullable String colorTransfer,
            @Nullable String colorPrimaries,
            @Nullable String fieldOrder,
            @Nullable Double rotation,
            @Nullable DolbyVision dolbyVision,
            @Nullable MasteringDisplay masteringDisplay,
            @Nullable ContentLight contentLight) {

        public static final Picture UNKNOWN =
                new Picture(
                        null, null, null, null, null, null, null, null, null, null, null, null,
                        null, null, null);
    }

    /**
     * A stream as sound; all unknown for other streams.
     *
     * @param sampleRate in Hz
     * @param bitDepth of a sample, for codecs that have one
     */
    public record Sound(
            @Nullable Integer channels,
            @Nullable String layout,
            @Nullable Integer sampleRate,
            @Nullable String sampleFormat,
            @Nullable Integer bitDepth) {

        public static final Sound UNKNOWN = new Sound(null, null, null, null, null);
    }

    /**
     * The Dolby Vision configuration record of a stream.
     *
     * @param compatibility what a player without Dolby Vision sees, as the record's own number
     */
    public record DolbyVision(
            int profile,
            int level,
            boolean metadata,
            boolean enhancementLayer,
            boolean baseLayer,
            int compatibility) {}

    /**
     * The display that the picture was graded on (SMPTE ST 2086).
     *
     * @param red chromaticity, as {@code x y} between 0 and 1; so green, blue and white
     * @param minLuminance in cd/m²
     * @param maxLuminance in cd/m²
     */
    public record MasteringDisplay(
            @Nullable Chromaticity red,
            @Nullable Chromaticity green,
            @Nullable Chromaticity blue,
            @Nullable Chromaticity white,
            @Nullable Double minLuminance,
            @Nullable Double maxLuminance) {}

    /** A colour by CIE 1931. */
    public record Chromaticity(double x, double y) {}

    /**
     * How bright the pictures are (CTA-861.3), in cd/m².
     *
     * @param maximum of any pixel
     * @param frameAverageMaximum of any frame's average
     */
    public record ContentLight(@Nullable Integer maximum, @Nullable Integer frameAverageMaximum) {}

    /** A chapter. */
    public record Chapter(
            @Nullable String timeBase,
            @Nullable Long startTicks,
            @Nullable Long endTicks,
            @Nullable Double startSeconds,
            @Nullable Double endSeconds,
            @Nullable String title) {}

    /** One of several programmes that share a file. */
    public record Program(
            @Nullable Long id,
            @Nullable Long number,
            @Nullable String name,
            @Nullable String provider,
            List<Integer> streams) {}

    /**
     * What only the first frame of a stream tells.
     *
     * @param rotation as of {@link Picture}; {@code null} if the frame does not tell
     */
    public record FirstFrame(
            int stream,
            boolean hdr10Plus,
            boolean closedCaptions,
            @Nullable Double rotation,
            @Nullable MasteringDisplay masteringDisplay,
            @Nullable ContentLight contentLight) {}
}
