package io.heimdex.archive.probe.ffprobe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExifTurnTests {

    @ParameterizedTest
    @CsvSource({
        "0, false",
        "1, false",
        "2, false",
        "3, true",
        "4, false",
        "5, true",
        "6, true",
        "7, true",
        "8, true",
        "9, false"
    })
    void aPictureIsTurnedByItsOrientation(int orientation, boolean turned) {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            assertThat(isIn(file("\u00FF\u00D8 .. Exif\0\0", exif(order, orientation))))
                    .isEqualTo(turned);
            assertThat(isIn(file("\u0089PNG .. eXIf", exif(order, orientation)))).isEqualTo(turned);
        }
    }

    @Test
    void webpSaysInItsHeaderThatThereIsSomething() {
        assertThat(isIn(file("RIFF....WEBPVP8X....\u0008...", new byte[0]))).isTrue();
        assertThat(isIn(file("RIFF....WEBPVP8X....\u0010...", new byte[0]))).isFalse();
        assertThat(isIn(file("RIFF....WEBPVP8 ....\u0008...", new byte[0]))).isFalse();
    }

    @Test
    void dataThatEndEarlyOrPointElsewhereTellNothing() {
        byte[] whole = exif(ByteOrder.BIG_ENDIAN, 6);
        IntStream.range(0, whole.length - 4)
                .forEach(length ->
                        assertThat(isIn(file("Exif\0\0", Arrays.copyOf(whole, length))))
                                .as("%d bytes", length)
                                .isFalse());
        for (int directory : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1000}) {
            byte[] astray = whole.clone();
            ByteBuffer.wrap(astray).putInt(4, directory);
            assertThat(isIn(file("Exif\0\0", astray))).isFalse();
        }
        assertThat(isIn(new byte[0])).isFalse();
        assertThat(isIn(file("RIFF....WEBPVP8X", new byte[0]))).isFalse();
    }

    private static byte[] exif(ByteOrder order, int orientation) {
        return ByteBuffer.allocate(38)
                .order(order)
                .put(
                        (order == ByteOrder.BIG_ENDIAN ? "MM" : "II")
                                .getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) 2)
                .putShort((short) 0x010F)
                .putShort((short) 2)
                .putInt(4)
                .putInt(0)
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0)
                .array();
    }

    private static byte[] file(String begin, byte[] rest) {
        byte[] first = begin.getBytes(StandardCharsets.ISO_8859_1);
        byte[] file = Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, file, first.length, rest.length);
        return file;
    }

    private static boolean isIn(byte[] file) {
        return ExifTurn.isIn(
                (position, length) ->
                        Arrays.copyOfRange(file, (int) position, (int) position + length),
                file.length);
    }
}
