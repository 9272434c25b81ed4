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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One file on its way in: bytes gather in a part file, which takes the file's name when the last
 * byte is there.
 */
final class LocalUpload {

    private static final int BUFFER_BYTES = 1 << 16;

    /** How much is written between two looks at how much room there is. */
    private static final int LOOK_EVERY_BYTES = 1 << 24;

    /** What file systems say when they are full, and a user's part of one. */
    private static final List<String> FULL = List.of("No space left", "quota exceeded");

    /** How long a commit waits for a request that is just putting the file in its place. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(2);

    private static final Duration LOCK_RETRY = Duration.ofMillis(5);

    /** The byte of the lock file that whoever writes to the upload holds. */
    private static final int WRITING = 0;

    /** The byte of the lock file that is held while the file is put in place, or fixed there. */
    private static final int PLACING = 1;

    private final Path folder;
    private final Path file;
    private final Path part;
    private final Path sealed;
    private final long minFree;

    /**
     * The upload that becomes this file.
     *
     * @param minFree bytes of the file system that it leaves free
     */
    LocalUpload(Path file, long minFree) {
        this.folder = Objects.requireNonNull(file.getParent());
        this.file = file;
        this.minFree = minFree;
        this.part = file.resolveSibling(".part");
        this.sealed = file.resolveSibling(".sealed");
    }

    long receive(InputStream bytes, long offset, long total) {
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel locks = lockFile();
                    FileLock lock = tryLock(locks, WRITING)) {
                if (lock == null) {
                    throw inProgress();
                }
                return write(locks, bytes, offset, total);
            }
        } catch (IOException e) {
            throw fault(e);
        }
    }

    /** Deletes all that there is of it. */
    void discard() {
        try {
            if (Files.exists(lockPath())) {
                try (FileChannel locks = lockFile();
                        FileLock lock = tryLock(locks, WRITING)) {
                    if (lock == null) {
                        throw inProgress();
                    }
                    delete();
                }
            } else {
                delete();
            }
        } catch (IOException e) {
            throw fault(e);
        }
    }

    private void delete() throws IOException {
        for (Path one : List.of(file, part, sealed, lockPath())) {
            Files.deleteIfExists(one);
        }
        Files.deleteIfExists(folder);
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
            throw fault(e);
        }
    }

    void unseal() {
        try {
            Files.deleteIfExists(sealed);
        } catch (IOException e) {
            throw fault(e);
        }
    }

    /** What could not be written, because there is no room or for another reason. */
    private static HeimdexException fault(IOException e) {
        String said = String.valueOf(e.getMessage());
        return FULL.stream().anyMatch(said::contains)
                ? full(e)
                : new HeimdexException(
                        ErrorCode.STORAGE_UNAVAILABLE,
                        "The upload cannot be stored right now; go on where it stopped.",
                        e);
    }

    private static HeimdexException full(@Nullable IOException e) {
        return new HeimdexException(
                ErrorCode.STORAGE_FULL,
                "The storage takes no more bytes right now; try again later.",
                e);
    }

    private static HeimdexException inProgress() {
        return new HeimdexException(
                ErrorCode.UPLOAD_IN_PROGRESS,
                "Another request writes to this upload; wait for it to end.");
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
            requireRoom(total - offset);
            long size = append(channel, bytes, offset, total);
            if (size == total) {
                force(channel);
                place(locks);
            }
            return size;
        }
    }

    /** What could not be made safe is nothing at all: nobody knows which bytes of it are there. */
    private void force(FileChannel channel) throws IOException {
        try {
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }

    private void requireRoom(long bytes) throws IOException {
        if (Files.getFileStore(file.getParent()).getUsableSpace() - minFree < bytes) {
            throw full(null);
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
        return FileChannel.open(lockPath(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private Path lockPath() {
        return file.resolveSibling(".lock");
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

    /** Puts the bytes behind those that are there. What came of a body that broke off stays. */
    private long append(FileChannel channel, InputStream bytes, long offset, long total)
            throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = offset;
        channel.position(offset);
        for (int n = read(bytes, buffer); n >= 0; n = read(bytes, buffer)) {
            try {
                write(channel, ByteBuffer.wrap(buffer, 0, n), size, total);
            } catch (IOException | HeimdexException e) {
                channel.truncate(offset);
                throw e;
            }
            size += n;
        }
        return size;
    }

    private static int read(InputStream bytes, byte[] buffer) {
        try {
            return bytes.read(buffer);
        } catch (IOException e) {
            throw new HeimdexException(
                    ErrorCode.MALFORMED_REQUEST,
                    "The body was cut off; go on where it stopped.",
                    e);
        }
    }

    private void write(FileChannel channel, ByteBuffer bytes, long size, long total)
            throws IOException {
        long end = size + bytes.remaining();
        if (end > total) {
            throw new HeimdexException(
                    ErrorCode.UPLOAD_TOO_LARGE,
                    "The body is longer than the declared " + total + " bytes.");
        }
        if (size / LOOK_EVERY_BYTES < end / LOOK_EVERY_BYTES) {
            requireRoom(bytes.remaining());
        }
        while (bytes.hasRemaining()) {
            channel.write(bytes);
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
