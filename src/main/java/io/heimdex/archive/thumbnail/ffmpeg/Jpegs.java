package io.heimdex.archive.thumbnail.ffmpeg;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** JPEGs that follow each other. */
final class Jpegs {

    private static final byte MARKER = (byte) 0xFF;
    private static final byte BEGIN = (byte) 0xD8;
    private static final byte END = (byte) 0xD9;

    private Jpegs() {}

    /**
     * The complete ones. Inside a picture neither of its ends can come: ffmpeg writes no pictures
     * into pictures.
     */
    static List<ByteBuffer> split(ByteBuffer bytes) {
        List<ByteBuffer> images = new ArrayList<>();
        int begin = -1;
        for (int i = bytes.position(); i < bytes.limit() - 1; i++) {
            if (bytes.get(i) != MARKER) {
                continue;
            }
            if (bytes.get(i + 1) == BEGIN) {
                begin = i;
            } else if (bytes.get(i + 1) == END && begin >= 0) {
                images.add(bytes.slice(begin, i + 2 - begin));
                begin = -1;
            }
        }
        return images;
    }
}
