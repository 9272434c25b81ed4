package io.heimdex.archive.storage;

import io.heimdex.archive.problem.ErrorCode;

/** Is told what a walk comes across. What it throws ends the walk. */
public interface ArchiveVisitor {

    void file(FoundFile file);

    /**
     * A file that cannot be taken, or a folder that cannot be read to its end: whether files below
     * it are there is not known.
     *
     * @param uri its source URI; for a name that no source URI may hold, the same with every byte
     *     percent-encoded that is no plain letter
     * @param code {@code source_not_found} if it vanished meanwhile, {@code source_forbidden},
     *     {@code invalid_source_uri} or {@code storage_unavailable}
     */
    void unreadable(String uri, ErrorCode code, String message);

    /**
     * Everything up to this place has been told. Only some stores know such places.
     *
     * @param after where a later walk may go on
     */
    default void reached(String after) {}
}
