package io.heimdex.archive.probe.ffprobe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopLevelBoxesTests {

    @Test
    void theIndexIsFirstIfItsBoxIs() {
        assertThat(indexFirst(box("ftyp", 20), box("moov", 100), box("mdat", 100))).isTrue();
        assertThat(indexFirst(box("ftyp", 20), box("free", 8), box("mdat", 100), box("moov", 9)))
                .isFalse();
    }

    @Test
    void aBoxMayHaveItsLengthInEightBytes() {
        byte[] wide =
                ByteBuffer.allocate(40)
                        .putInt(1)
                        .put("free".getBytes(StandardCharsets.US_ASCII))
                        .putLong(40)
                        .array();

        assertThat(indexFirst(box("ftyp", 20), wide, box("mdat", 100))).isFalse();
    }

    @Test
    void nothingIsToldOfOtherFiles() {
        assertThat(indexFirst("RIFF1234WAVEfmt and so on".getBytes(StandardCharsets.US_ASCII)))
                .isNull();
        assertThat(indexFirst(new byte[0])).isNull();
        assertThat(indexFirst(new byte[] {0, 0, 0})).isNull();
    }

    @Test
    void boxesThatLieEndTheSearch() {
        assertThat(indexFirst(length(box("ftyp", 20), 0), box("moov", 100))).isNull();
        assertThat(indexFirst(length(box("ftyp", 20), 7), box("moov", 100))).isNull();
        assertThat(indexFirst(length(box("ftyp", 20), -1), box("moov", 100))).isNull();
        byte[] negative =
                ByteBuffer.allocate(40)
                        .putInt(1)
                        .put("free".getBytes(StandardCharsets.US_ASCII))
                        .putLong(-40)
                        .array();
        assertThat(indexFirst(box("ftyp", 20), negative, box("moov", 100))).isNull();
    }

    @Test
    void manySmallBoxesAreNotFollowedForEver() {
        byte[][] boxes = new byte[1000][];
        Arrays.fill(boxes, box("free", 8));
        boxes[999] = box("moov", 8);

        assertThat(indexFirst(boxes)).isNull();
    }

    private static byte[] box(String type, int length) {
        return ByteBuffer.allocate(length)
                .putInt(length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    private static byte[] length(byte[] box, int length) {
        ByteBuffer.wrap(box).putInt(length);
        return box;
    }

    private static @Nullable Boolean indexFirst(byte[]... boxes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] box : boxes) {
            out.writeBytes(box);
        }
        byte[] file = out.toByteArray();
        return TopLevelBoxes.indexFirst(
                (position, length) ->
                        Arrays.copyOfRange(
                                file,
                                (int) position,
                                (int) Math.min(file.length, position + length)),
                file.length);
    }
}
