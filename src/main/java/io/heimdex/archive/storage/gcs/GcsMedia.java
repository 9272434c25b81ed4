package io.heimdex.archive.storage.gcs;

import com.google.cloud.ReadChannel;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobSourceOption;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.Checksum;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** One generation of an object. Nothing is held open but the org's turn. */
final class GcsMedia implements OpenedMedia {

    /** Of a whole object's bytes, what is asked for at once: each such part has the deadline. */
    private static final int PART_BYTES = 4 << 20;

    /** So many reads may bring little; those beyond them bring so many bytes, or wait. */
    private static final int FEW_READS = 16;

    private static final int LITTLE_BYTES = 1024;
    private static final Duration FIRST_WAIT = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Storage storage;
    private final SourceUri uri;
    private final BlobInfo object;
    private final Checksum checksum;
    private final Duration deadline;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean gone;

    /**
     * @param deadline until which the bytes of one request have to be there
     */
    GcsMedia(
            Storage storage,
            SourceUri uri,
            BlobInfo object,
            Checksum checksum,
            Duration deadline,
            Runnable onClose) {
        this.storage = storage;
        this.uri = uri;
        this.object = object;
        this.checksum = checksum;
        this.deadline = deadline;
        this.onClose = onClose;
    }

    /** Of an object as the storage describes it. */
    static String fingerprint(BlobInfo object) {
        return "gcs:" + object.getGeneration() + ":" + object.getCrc32c();
    }

    @Override
    public SourceUri uri() {
        return uri;
    }

    @Override
    public long size() {
        return object.getSize();
    }

    @Override
    public Instant modifiedAt() {
        return object.getUpdateTimeOffsetDateTime().toInstant();
    }

    @Override
    public String fingerprint() {
        return fingerprint(object);
    }

    @Override
    public Checksum storedChecksum() {
        return checksum;
    }

    @Override
    public Optional<Path> descriptor() {
        return Optional.empty();
    }

    @Override
    public InputStream newInputStream() {
        return new Parts();
    }

    /** Part after part, each with the deadline and the failures of {@link GcsMedia#read}. */
    private final class Parts extends InputStream {

        private byte[] part = {};
        private int next;
        private long following;

        @Override
        public int read() {
            return isAtEnd() ? -1 : Byte.toUnsignedInt(part[next++]);
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0) {
                return 0;
            }
            if (isAtEnd()) {
                return -1;
            }
            int count = Math.min(length, part.length - next);
            System.arraycopy(part, next, into, offset, count);
            next += count;
            return count;
        }

        private boolean isAtEnd() {
            if (next == part.length && following < size()) {
                part = GcsMedia.this.read(following, PART_BYTES);
                next = 0;
                following += part.length;
            }
            return next == part.length;
        }
    }

    @Override
    public byte[] read(long position, int length) {
        int wanted = (int) Math.min(length, size() - position);
        try {
            return GcsCall.call(() -> {
                try (ReadChannel channel = reader()) {
                    return range(channel, position, wanted);
                }
            });
        } catch (HeimdexException e) {
            if (e.code() == ErrorCode.SOURCE_NOT_FOUND || e.code() == ErrorCode.SOURCE_CHANGED) {
                gone = true;
                throw new HeimdexException(
                        ErrorCode.SOURCE_CHANGED,
                        "The object was replaced or deleted while it was read; commit it again.",
                        e);
            }
            throw e;
        }
    }

    /**
     * The client goes on by itself where an answer broke off, as often as it has to: an answer that
     * comes byte by byte, or breaks off each time, would never end.
     */
    private byte[] range(ReadChannel channel, long position, int wanted) throws IOException {
        // Nothing beyond what is asked for is to come.
        channel.setChunkSize(0);
        channel.seek(position);
        channel.limit(position + wanted);
        ByteBuffer bytes = ByteBuffer.allocate(wanted);
        long end = System.nanoTime() + deadline.toNanos();
        Duration wait = FIRST_WAIT;
        for (int reads = 1; bytes.hasRemaining(); reads++) {
            if (channel.read(bytes) < 0) {
                throw new IOException("the object ended before its size");
            }
            if (reads > FEW_READS + bytes.position() / LITTLE_BYTES) {
                LockSupport.parkNanos(wait.toNanos());
                wait = wait.multipliedBy(2);
                wait = wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
            }
            if (bytes.hasRemaining()
                    && (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted())) {
                throw new IOException("the bytes of the object do not come in time");
            }
        }
        return bytes.array();
    }

    private ReadChannel reader() {
        return storage.reader(
                BlobId.of(object.getBucket(), object.getName(), object.getGeneration()),
                BlobSourceOption.shouldReturnRawInputStream(true));
    }

    @Override
    public boolean unchanged() {
        return !gone;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClose.run();
        }
    }
}
