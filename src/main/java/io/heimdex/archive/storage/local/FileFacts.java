package io.heimdex.archive.storage.local;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import java.time.Instant;

/** What the file system says about a file. */
record FileFacts(Kind kind, int links, long device, long sizeBytes, Instant modifiedAt) {

    enum Kind {
        REGULAR,
        FOLDER,
        OTHER
    }

    String fingerprint() {
        return sizeBytes + ":" + modifiedAt;
    }

    /**
     * Refuses a regular file that may belong to somebody else.
     *
     * @param archive the device of the archive
     */
    void requireOwnFile(long archive) {
        if (links > 1) {
            throw new HeimdexException(
                    ErrorCode.SOURCE_FORBIDDEN,
                    "The source has several hard links, so another org may own it.");
        }
        requireDevice(archive);
    }

    void requireDevice(long archive) {
        if (device != archive) {
            throw new HeimdexException(
                    ErrorCode.SOURCE_FORBIDDEN,
                    "The source is on another device than its archive.");
        }
    }
}
