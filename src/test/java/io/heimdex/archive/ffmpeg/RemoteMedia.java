package io.heimdex.archive.ffmpeg;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A stand-in for a file in a bucket, with faults. */
public final class RemoteMedia implements OpenedMedia {

    private final byte[] bytes;
    private final List<String> reads = new CopyOnWriteArrayList<>();
    private @Nullable HeimdexException failure;
    private @Nullable CountDownLatch slow;
    private boolean changed;

    public RemoteMedia(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Every read fails from now on. */
    public void fail(HeimdexException why) {
        failure = why;
    }

    public @Nullable HeimdexException failure() {
        return failure;
    }

    /** Every read waits from now on, until the latch is released. */
    public CountDownLatch hang() {
        CountDownLatch end = new CountDownLatch(1);
        slow = end;
        return end;
    }

    /** It is not what it was when it was opened. */
    public void change() {
        changed = true;
    }

    /** The blocks that were read, as first+count. */
    public List<String> reads() {
        return reads;
    }

    @Override
    public byte[] read(long position, int length) {
        reads.add(position / BlockCache.BLOCK_BYTES + "+" + length / BlockCache.BLOCK_BYTES);
        if (failure != null) {
            throw failure;
        }
        if (slow != null) {
            try {
                slow.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return Arrays.copyOfRange(
                bytes, (int) position, (int) Math.min(position + length, bytes.length));
    }

    @Override
    public SourceUri uri() {
        return SourceUri.parse("gs://bucket/name");
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public Instant modifiedAt() {
        return Instant.EPOCH;
    }

    @Override
    public String fingerprint() {
        return "stand-in";
    }

    @Override
    public InputStream newInputStream() {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public Optional<Path> descriptor() {
        return Optional.empty();
    }

    @Override
    public boolean unchanged() {
        return !changed;
    }

    @Override
    public void close() {}
}
