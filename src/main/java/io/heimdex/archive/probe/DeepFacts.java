package io.heimdex.archive.probe;

import org.jspecify.annotations.Nullable;

/**
 * What decoding a file told.
 *
 * @param frames of the video
 * @param warning why something is missing, {@code null} if nothing is
 */
public record DeepFacts(
        @Nullable Long frames, @Nullable Loudness loudness, @Nullable Warning warning) {

    /**
     * By EBU R 128; {@code null} for silence.
     *
     * @param integrated in LUFS
     * @param range in LU
     * @param truePeak in dBTP
     */
    public record Loudness(
            @Nullable Double integrated, @Nullable Double range, @Nullable Double truePeak) {}
}
