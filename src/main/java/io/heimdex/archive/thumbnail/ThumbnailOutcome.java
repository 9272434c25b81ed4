package io.heimdex.archive.thumbnail;

import io.heimdex.archive.probe.Warning;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of taking a file's pictures. */
public sealed interface ThumbnailOutcome {

    /**
     * There are pictures.
     *
     * @param pictures the poster, then the samples that could be taken, by the plan's order
     * @param remark what is amiss with them, for the client; {@code null} if nothing is
     */
    record Taken(List<Picture> pictures, @Nullable Warning remark) implements ThumbnailOutcome {}

    /**
     * There is none.
     *
     * @param message why, for the client
     */
    record Refused(String message) implements ThumbnailOutcome {}
}
