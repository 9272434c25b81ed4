package io.heimdex.archive.probe;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import org.jspecify.annotations.Nullable;

/** Looks into media files. */
public interface MediaProber {

    /**
     * Probes the file, in bounded time and memory.
     *
     * @throws HeimdexException {@code prober_unavailable} if the prober could not be run; trying
     *     again may help
     */
    ProbeOutcome probe(OpenedMedia media);

    /** The tools on this node. */
    Tools tools();

    /**
     * The versions of the tools on this node.
     *
     * @param ffmpeg {@code null} if there is none
     */
    record Tools(String ffprobe, @Nullable String ffmpeg) {}
}
