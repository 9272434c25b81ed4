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
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One file on its way in: bytes gather in a part file, which takes the file's name when the last
 * byte is there.
 */
final class LocalUpload {

    private static final int BUFFER_BYTES = 1 << 16;

    private static final Set<PosixFilePermission> SEALED =
            PosixFilePermissions.fromString("r--r-----");

    /**
     * Held where a file is finished or sealed. Nodes that share a disk do not share this lock; what
     * they could still swap in the same moment, a probe finds out by the file's fingerprint.
     */
    private static final Object SEALING = new Object();

    private final Path file;
    private final Path part;
    private final Path lockFile;

    LocalUpload(Path file) {
        this.file = file;
        this.part = file.resolveSibling(".part");
        // Not the part file itself: once that is renamed, whoever still has it open would hold, and
        // overwrite, the finished file.
        this.lockFile = file.resolveSibling(".lock");
    }

    long receive(InputStream bytes, long offset, long total) {
        try {
            Files.createDirectories(part.getParent());
            try (FileChannel guard =
                            FileChannel.open(
                                    lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lock(guard)) {
                if (lock == null) {
                    throw new HeimdexException(
                            ErrorCode.UPLOAD_IN_PROGRESS,
                            "Another request writes to this upload; wait for it to end.");
                }
                return append(bytes, offset, total);
            }
        } catch (IOException e) {
            throw new HeimdexException(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "The upload was cut off; go on where it stopped.",
                    e);
        }
    }

    void seal() {
        try {
            synchronized (SEALING) {
                Files.setPosixFilePermissions(file, SEALED);
            }
        } catch (IOException e) {
            throw new HeimdexException(
                    ErrorCode.STORAGE_UNAVAILABLE, "The upload cannot be fixed right now.", e);
        }
    }

    private long append(InputStream bytes, long offset, long total) throws IOException {
        long there = there();
        if (offset != 0 && offset != there) {
            throw new HeimdexException(
                    ErrorCode.UPLOAD_OFFSET_MISMATCH,
                    "The upload goes on at byte " + there + ".",
                    Map.of("Upload-Offset", Long.toString(there)));
        }
        try (FileChannel channel =
                FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(offset);
            long size = copy(channel, bytes, offset, total);
            if (size == total) {
                channel.force(true);
                finish();
            }
            return size;
        }
    }

    private long there() throws IOException {
        if (Files.exists(part)) {
            return Files.size(part);
        }
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private void finish() throws IOException {
        synchronized (SEALING) {
            if (Files.exists(file) && Files.getPosixFilePermissions(file).equals(SEALED)) {
                Files.delete(part);
                throw new HeimdexException(
                        ErrorCode.UPLOAD_ALREADY_USED,
                        "The upload was committed while these bytes came in.");
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static long copy(FileChannel channel, InputStream bytes, long offset, long total)
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

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }
}
