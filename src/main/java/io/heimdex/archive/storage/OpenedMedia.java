package io.heimdex.archive.storage;

import io.heimdex.archive.problem.HeimdexException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A media file that was checked and is held open: everything read through this is read from that
 * very file.
 */
public interface OpenedMedia extends AutoCloseable {

    SourceUri uri();

    /** In bytes. */
    long size();

    Instant modifiedAt();

    /** Differs whenever the content may differ. */
    String fingerprint();

    /** A new stream from the first byte on. */
    InputStream newInputStream() throws IOException;

    /**
     * A path that opens this very file, for as long as it is held open; for the standard input of
     * another process. Empty for a file that is not on this machine.
     */
    Optional<Path> descriptor();

    /**
     * Reads bytes of the file.
     *
     * @param position of the first, below {@link #size()}
     * @return fewer than wanted only at the end of the file
     * @throws HeimdexException {@code source_changed} if these bytes are not to be had any more, or
     *     {@code storage_unavailable}
     */
    byte[] read(long position, int length);

    /**
     * The CRC32C that the storage keeps with the file; {@code null} where only reading every byte
     * tells what they are.
     */
    default @Nullable Checksum storedChecksum() {
        return null;
    }

    /** Whether the file is still what it was when it was opened. */
    boolean unchanged();

    @Override
    void close();
}
