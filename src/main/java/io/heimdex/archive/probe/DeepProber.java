package io.heimdex.archive.probe;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import org.jspecify.annotations.Nullable;

/** Decodes media from beginning to end for what no header tells. Takes minutes. */
public interface DeepProber {

    /**
     * Decodes the streams, in bounded time and memory.
     *
     * @param video whose frames are counted, {@code null} for none
     * @param audio whose loudness is measured, {@code null} for none
     * @throws HeimdexException {@code prober_unavailable} if the tool could not be run; trying
     *     again may help. Or what the storage throws
     */
    DeepFacts measure(OpenedMedia media, @Nullable Integer video, @Nullable Integer audio);
}
