package io.heimdex.archive;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Matroska files that say what no muxer would write. */
final class HandMadeMatroska {

    private final ByteArrayOutputStream tracks = new ByteArrayOutputStream();
    private final ByteArrayOutputStream tags = new ByteArrayOutputStream();
    private double duration = 1000;
    private int number;

    /** In milliseconds, as the header has it. */
    HandMadeMatroska duration(double duration) {
        this.duration = duration;
        return this;
    }

    HandMadeMatroska video(long width, long height) {
        return track(1, "V_VP8", element(0xE0, join(number(0xB0, width), number(0xBA, height))));
    }

    /** Width to height of the picture as the header wants it shown. */
    HandMadeMatroska videoShownAs(long width, long height, long shownWidth, long shownHeight) {
        return track(
                1,
                "V_VP8",
                element(
                        0xE0,
                        join(
                                number(0xB0, width),
                                number(0xBA, height),
                                number(0x54B0, shownWidth),
                                number(0x54BA, shownHeight))));
    }

    HandMadeMatroska audio(double rate, long channels) {
        return track(
                2, "A_PCM/INT/LIT", element(0xE1, join(real(0xB5, rate), number(0x9F, channels))));
    }

    HandMadeMatroska tag(String name, byte[] value) {
        byte[] simple =
                join(
                        element(0x45A3, name.getBytes(StandardCharsets.UTF_8)),
                        element(0x4487, value));
        tags.writeBytes(
                element(0x7373, join(element(0x63C0, new byte[0]), element(0x67C8, simple))));
        return this;
    }

    byte[] bytes() {
        byte[] info =
                element(0x1549A966, join(number(0x2AD7B1, 1_000_000), real(0x4489, duration)));
        byte[] block = {(byte) 0x81, 0, 0, (byte) 0x80, 0x10, 0, 0, (byte) 0x9D, 1, 0x2A};
        byte[] cluster =
                element(0x1F43B675, join(number(0xE7, 0), element(0xA3, Arrays.copyOf(block, 64))));
        return join(
                element(
                        0x1A45DFA3,
                        element(0x4282, "matroska".getBytes(StandardCharsets.US_ASCII))),
                element(
                        0x18538067,
                        join(
                                info,
                                element(0x1654AE6B, tracks.toByteArray()),
                                element(0x1254C367, tags.toByteArray()),
                                cluster)));
    }

    private HandMadeMatroska track(int type, String codec, byte[] settings) {
        number++;
        tracks.writeBytes(
                element(
                        0xAE,
                        join(
                                number(0xD7, number),
                                number(0x73C5, number),
                                number(0x83, type),
                                element(0x86, codec.getBytes(StandardCharsets.US_ASCII)),
                                settings)));
        return this;
    }

    private static byte[] number(int id, long value) {
        return element(id, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    private static byte[] real(int id, double value) {
        return element(id, ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
    }

    /** The length is always written in eight bytes. */
    private static byte[] element(int id, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int shift = 24; shift >= 0; shift -= 8) {
            if (id >>> shift != 0) {
                out.write(id >>> shift);
            }
        }
        out.writeBytes(
                ByteBuffer.allocate(Long.BYTES)
                        .putLong(0x0100_0000_0000_0000L | content.length)
                        .array());
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
