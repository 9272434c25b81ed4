package io.heimdex.archive.probe;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Looks into media files. */
public interface MediaProber {

    /**
     * Probes the file, in bounded time and memory.
     *
     * @param timeout less than the service's own limit, or {@code null} for that
     * @throws HeimdexException {@code prober_unavailable} if the prober could not be run; trying
     *     again may help
     */
    ProbeOutcome probe(OpenedMedia media, @Nullable Duration timeout);

    /** Probes the file within the service's own limits. */
    default ProbeOutcome probe(OpenedMedia media) {
        return probe(media, null);
    }

    /** The tools on this node. */
    Tools tools();

    /**
     * The versions of the tools on this node.
     *
     * @param ffmpeg {@code null} if there is none
     */
    record Tools(String ffprobe, @Nullable String ffmpeg) {}
}
