package io.heimdex.archive.probe.ffprobe;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order of an ISO media file's (MP4, QuickTime) outermost boxes, which ffprobe keeps to itself.
 */
final class TopLevelBoxes {

    private static final int HEADER_BYTES = 16;
    private static final int MAX_BOXES = 16;

    /** What an ISO media file may begin with. */
    private static final Set<String> BEGINNINGS =
            Set.of("ftyp", "moov", "mdat", "wide", "free", "skip", "pnot", "uuid", "styp");

    private TopLevelBoxes() {}

    /** Reads a part of the file; fewer bytes only at its end. */
    @FunctionalInterface
    interface Bytes {
        byte[] read(long position, int length);
    }

    /**
     * Whether the index comes before the media.
     *
     * @return {@code null} if this is no such file, or if neither is among the first boxes
     */
    static @Nullable Boolean indexFirst(Bytes file, long size) {
        long position = 0;
        for (int i = 0; i < MAX_BOXES && position < size - 8; i++) {
            ByteBuffer header = ByteBuffer.wrap(file.read(position, HEADER_BYTES));
            if (header.remaining() < 8) {
                return null;
            }
            long length = Integer.toUnsignedLong(header.getInt());
            byte[] name = new byte[4];
            header.get(name);
            String type = new String(name, StandardCharsets.ISO_8859_1);
            if (i == 0 && !BEGINNINGS.contains(type)) {
                return null;
            }
            switch (type) {
                case "moov" -> {
                    return true;
                }
                case "mdat" -> {
                    return false;
                }
                default -> {
                    if (length == 1 && header.remaining() == 8) {
                        length = header.getLong();
                    }
                    if (length < 8 || length > size - position) {
                        return null;
                    }
                    position += length;
                }
            }
        }
        return null;
    }
}
