package io.heimdex.archive.asset;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a sidecar is listed and counted by, as the database writes it: five words, and {@code -} for
 * what there is not. An archive knows few combinations of them, whatever its size.
 *
 * @param container all of its format's names, comma-separated
 * @param videoCodec of the main video, {@code null} without one
 * @param hdrClass of the main video, {@code null} without one
 */
record Traits(
        String container,
        @Nullable String videoCodec,
        String resolution,
        String duration,
        @Nullable String hdrClass) {

    private static final String ABSENT = "-";

    static Traits parse(String text) {
        String[] words = text.split(" ", -1);
        return new Traits(words[0], present(words[1]), words[2], words[3], present(words[4]));
    }

    private static @Nullable String present(String word) {
        return word.equals(ABSENT) ? null : word;
    }

    /** Whether all that the filter says of what is in a file is so. */
    boolean fit(AssetFilter filter) {
        return (filter.container() == null
                        || filter.container().equals(container)
                        || Arrays.asList(container.split(",", -1)).contains(filter.container()))
                && (filter.videoCodec() == null || filter.videoCodec().equals(videoCodec))
                && (filter.resolution() == null
                        || filter.resolution().wireName().equals(resolution))
                && (filter.duration() == null || filter.duration().wireName().equals(duration))
                && (filter.hdrClass() == null || filter.hdrClass().wireName().equals(hdrClass));
    }
}
