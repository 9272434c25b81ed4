package io.heimdex.archive.storage.local;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One file on its way in: bytes gather in a part file, which takes the file's name when the last
 * byte is there.
 */
final class LocalUpload {

    private static final int BUFFER_BYTES = 1 << 16;

    /** How long a commit waits for a request that is just putting the file in its place. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(2);

    private static final Duration LOCK_RETRY = Duration.ofMillis(5);

    /** The byte of the lock file that whoever writes to the upload holds. */
    private static final int WRITING = 0;

    /** The byte of the lock file that is held while the file is put in place, or fixed there. */
    private static final int PLACING = 1;

    private final Path file;
    private final Path part;
    private final Path sealed;

    LocalUpload(Path file) {
        this.file = file;
        this.part = file.resolveSibling(".part");
        this.sealed = file.resolveSibling(".sealed");
    }

    long receive(InputStream bytes, long offset, long total) {
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel locks = lockFile();
                    FileLock lock = tryLock(locks, WRITING)) {
                if (lock == null) {
                    throw new HeimdexException(
                            ErrorCode.UPLOAD_IN_PROGRESS,
                            "Another request writes to this upload; wait for it to end.");
                }
                return write(locks, bytes, offset, total);
            }
        } catch (IOException e) {
            throw new HeimdexException(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "The upload was cut off; go on where it stopped.",
                    e);
        }
    }

    /** Keeps everybody from writing to the file, until it is {@link #unseal opened} again. */
    void seal() {
        if (!Files.exists(file)) {
            return;
        }
        try (FileChannel locks = lockFile();
                FileLock _ = lock(locks, PLACING)) {
            if (!Files.exists(sealed)) {
                Files.createFile(sealed);
            }
        } catch (IOException e) {
            throw new HeimdexException(
                    ErrorCode.STORAGE_UNAVAILABLE, "The upload cannot be fixed right now.", e);
        }
    }

    void unseal() {
        try {
            Files.deleteIfExists(sealed);
        } catch (IOException e) {
            throw new HeimdexException(
                    ErrorCode.STORAGE_UNAVAILABLE, "The upload cannot be opened again now.", e);
        }
    }

    private long write(FileChannel locks, InputStream bytes, long offset, long total)
            throws IOException {
        requireUnsealed();
        long there = sizeNow();
        if (offset != 0 && offset != there) {
            throw new HeimdexException(
                    ErrorCode.UPLOAD_OFFSET_MISMATCH,
                    "The upload goes on at byte " + there + ".",
                    Map.of("Upload-Offset", Long.toString(there)));
        }
        try (FileChannel channel =
                FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(offset);
            long size = append(channel, bytes, offset, total);
            if (size == total) {
                channel.force(true);
                place(locks);
            }
            return size;
        }
    }

    private long sizeNow() throws IOException {
        if (Files.exists(part)) {
            return Files.size(part);
        }
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private void place(FileChannel locks) throws IOException {
        try (FileLock _ = lock(locks, PLACING)) {
            requireUnsealed();
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private void requireUnsealed() {
        if (Files.exists(sealed)) {
            throw new HeimdexException(
                    ErrorCode.UPLOAD_ALREADY_USED,
                    "The upload was committed and takes no more; announce a new one.");
        }
    }

    private FileChannel lockFile() throws IOException {
        return FileChannel.open(
                file.resolveSibling(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static FileLock lock(FileChannel locks, int part) throws IOException {
        long end = System.nanoTime() + LOCK_WAIT.toNanos();
        while (System.nanoTime() < end) {
            FileLock lock = tryLock(locks, part);
            if (lock != null) {
                return lock;
            }
            LockSupport.parkNanos(LOCK_RETRY.toNanos());
        }
        throw new HeimdexException(
                ErrorCode.UPLOAD_IN_PROGRESS, "Another request holds this upload; try again.");
    }

    private static long append(FileChannel channel, InputStream bytes, long offset, long total)
            throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = offset;
        channel.position(offset);
        for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
            if (size + n > total) {
                channel.truncate(offset);
                throw new HeimdexException(
                        ErrorCode.UPLOAD_TOO_LARGE,
                        "The body is longer than the declared " + total + " bytes.");
            }
            write(channel, ByteBuffer.wrap(buffer, 0, n), offset);
            size += n;
        }
        return size;
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long offset)
            throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            channel.truncate(offset);
            throw new HeimdexException(
                    ErrorCode.STORAGE_FULL,
                    "The storage takes no more bytes right now; try again later.",
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel locks, int part) throws IOException {
        try {
            return locks.tryLock(part, 1, false);
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }
}
