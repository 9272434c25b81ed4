package io.heimdex.archive.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Pieces of media formats. */
final class Bytes {

    private static final int FLUSHED = 1 << 20;

    private Bytes() {}

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] int32(long value) {
        return ByteBuffer.allocate(4).putInt((int) value).array();
    }

    static byte[] int64(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    static byte[] little32(long value) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value).array();
    }

    static byte[] int16(int value) {
        return ByteBuffer.allocate(2).putShort((short) value).array();
    }

    /** A box of an ISO media file. */
    static byte[] box(String type, byte[]... parts) {
        byte[] content = join(parts);
        return join(int32(content.length + 8L), ascii(type), content);
    }

    /** A box with version and flags. */
    static byte[] fullBox(String type, byte[]... parts) {
        return box(type, int32(0), join(parts));
    }

    static byte[] ftyp() {
        return box("ftyp", ascii("isom"), int32(512), ascii("isomiso2mp41"));
    }

    /** A chunk of a RIFF file. */
    static byte[] chunk(String type, byte[]... parts) {
        byte[] content = join(parts);
        return join(ascii(type), little32(content.length), content, new byte[content.length % 2]);
    }

    /** An element of Matroska. */
    static byte[] element(long id, byte[]... parts) {
        byte[] content = join(parts);
        return join(id(id), int64(1L << 56 | content.length), content);
    }

    /** The id of an element of Matroska. */
    static byte[] id(long id) {
        int length = (71 - Long.numberOfLeadingZeros(id)) / 8;
        byte[] all = int64(id);
        byte[] bytes = new byte[length];
        System.arraycopy(all, 8 - length, bytes, 0, length);
        return bytes;
    }

    /** Some megabytes of zeros, as zlib packs them; unpacked, they never were in memory. */
    static byte[] packedZeros(int megabytes) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        byte[] zeros = new byte[FLUSHED];
        byte[] out = new byte[1 << 16];
        deflater.setInput(zeros);
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        byte[] first = Arrays.copyOf(out, length);
        // From the second on, each refers to zeros before it alone, and is like the next.
        deflater.setInput(zeros);
        length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        byte[] next = Arrays.copyOf(out, length);
        deflater.end();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        packed.writeBytes(new byte[] {0x78, (byte) 0xda});
        for (int i = 0; i < megabytes; i++) {
            packed.writeBytes(i == 0 ? first : next);
        }
        // An empty last block, and the checksum of zeros.
        packed.writeBytes(new byte[] {3, 0});
        packed.writeBytes(int32((long) megabytes * FLUSHED % 65_521 << 16 | 1));
        return packed.toByteArray();
    }
}
