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
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** One generation of an object. Nothing is held open but the org's turn. */
final class GcsMedia implements OpenedMedia {

    private static final int STREAM_CHUNK_BYTES = 8 << 20;

    private final Storage storage;
    private final SourceUri uri;
    private final BlobInfo object;
    private final Checksum checksum;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean gone;

    GcsMedia(Storage storage, SourceUri uri, BlobInfo object, Checksum checksum, Runnable onClose) {
        this.storage = storage;
        this.uri = uri;
        this.object = object;
        this.checksum = checksum;
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
        ReadChannel channel = reader();
        channel.setChunkSize(STREAM_CHUNK_BYTES);
        return Channels.newInputStream(channel);
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

    private static byte[] range(ReadChannel channel, long position, int wanted) throws IOException {
        // Nothing beyond what is asked for is to come.
        channel.setChunkSize(0);
        channel.seek(position);
        channel.limit(position + wanted);
        ByteBuffer bytes = ByteBuffer.allocate(wanted);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new IOException("the object ended before its size");
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
