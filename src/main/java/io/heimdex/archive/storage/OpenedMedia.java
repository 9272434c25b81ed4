package io.heimdex.archive.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;

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
     * another process.
     */
    Path descriptor();

    /** Whether the file is still what it was when it was opened. */
    boolean unchanged();

    @Override
    void close();
}
