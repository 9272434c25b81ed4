package io.heimdex.archive.probe.ffprobe;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Whether a still picture says in its Exif data that it is to be turned. ffprobe tells it only of a
 * decoded picture, and a photo takes long to decode: this finds those of which it is worth it.
 */
final class ExifTurn {

    private static final int BEGINNING_BYTES = 1 << 16;
    private static final int HEADER_BYTES = 8;
    private static final int ENTRY_BYTES = 12;
    private static final int MAX_ENTRIES = 128;
    private static final short ORIENTATION = 0x0112;

    /** The other values are upright, or mirrored only. */
    private static final Set<Short> TURNED =
            Set.of((short) 3, (short) 5, (short) 6, (short) 7, (short) 8);

    /** What the data come after in JPEG and in PNG. */
    private static final List<String> MARKS = List.of("Exif\0\0", "eXIf");

    /** In WebP they come last, and a bit in the header says that there are some. */
    private static final String WEBP_HEADER = "WEBPVP8X";

    private static final int WEBP_NAME = 8;
    private static final int WEBP_FLAGS = 20;
    private static final int WEBP_EXIF = 8;

    private ExifTurn() {}

    static boolean isIn(TopLevelBoxes.Bytes file, long size) {
        byte[] bytes = file.read(0, (int) Math.min(size, BEGINNING_BYTES));
        // A byte is a character here, so that places in the one are places in the other.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.startsWith(WEBP_HEADER, WEBP_NAME) && bytes.length > WEBP_FLAGS) {
            return (bytes[WEBP_FLAGS] & WEBP_EXIF) != 0;
        }
        return MARKS.stream()
                .filter(text::contains)
                .map(mark -> text.indexOf(mark) + mark.length())
                .anyMatch(begin ->
                        turns(ByteBuffer.wrap(bytes, begin, bytes.length - begin).slice()));
    }

    private static boolean turns(ByteBuffer exif) {
        if (exif.limit() < HEADER_BYTES) {
            return false;
        }
        exif.order(exif.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long directory = Integer.toUnsignedLong(exif.getInt(4));
        for (int i = 0; i < MAX_ENTRIES; i++) {
            long entry = directory + 2 + (long) ENTRY_BYTES * i;
            if (entry + ENTRY_BYTES > exif.limit()) {
                return false;
            }
            if (exif.getShort((int) entry) == ORIENTATION) {
                return TURNED.contains(exif.getShort((int) entry + 8));
            }
        }
        return false;
    }
}
