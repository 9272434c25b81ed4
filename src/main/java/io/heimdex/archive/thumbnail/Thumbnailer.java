package io.heimdex.archive.thumbnail;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import org.jspecify.annotations.Nullable;

/** Takes pictures of media files. */
public interface Thumbnailer {

    /**
     * Takes the pictures, in bounded time and memory.
     *
     * @throws HeimdexException {@code prober_unavailable} if the tool could not be run; trying
     *     again may help. {@code source_changed}, or what the storage throws
     */
    ThumbnailOutcome take(OpenedMedia media, ThumbnailPlan plan);

    /** The version of the tool, {@code null} if there is none on this node. */
    @Nullable String version();
}
