package io.heimdex.archive.ffmpeg;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Objects;

/**
 * The bytes of one remote file for one probe, in aligned blocks. What is read in sequence is read
 * ahead, twice as far each time; what is jumped to is not.
 */
final class BlockCache {

    static final int BLOCK_BYTES = 1 << 16;
    private static final int MAX_AHEAD = 32;
    private static final int MAX_BLOCKS = 256;

    private final OpenedMedia media;
    private final LinkedHashMap<Long, byte[]> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private long next = -1;
    private int ahead = 1;

    BlockCache(OpenedMedia media) {
        this.media = media;
    }

    long size() {
        return media.size();
    }

    /**
     * A block of the file; the last one may be short.
     *
     * @throws HeimdexException what {@link OpenedMedia#read} throws
     */
    synchronized byte[] block(long number) {
        byte[] known = blocks.get(number);
        return known == null ? fetch(number) : known;
    }

    private byte[] fetch(long first) {
        ahead = first == next ? Math.min(2 * ahead, MAX_AHEAD) : 1;
        long last = (media.size() - 1) / BLOCK_BYTES;
        int count = 1;
        while (count < ahead && first + count <= last && !blocks.containsKey(first + count)) {
            count++;
        }
        byte[] read = media.read(first * BLOCK_BYTES, count * BLOCK_BYTES);
        for (int i = 0; i < count; i++) {
            int from = i * BLOCK_BYTES;
            byte[] block = new byte[Math.min(BLOCK_BYTES, read.length - from)];
            System.arraycopy(read, from, block, 0, block.length);
            blocks.put(first + i, block);
        }
        next = first + count;
        byte[] wanted = Objects.requireNonNull(blocks.get(first));
        forget();
        return wanted;
    }

    private void forget() {
        Iterator<Long> oldest = blocks.keySet().iterator();
        while (blocks.size() > MAX_BLOCKS) {
            oldest.next();
            oldest.remove();
        }
    }
}
