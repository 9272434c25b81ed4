package io.heimdex.archive.bench;

import io.heimdex.archive.storage.gcs.StandInGcs.Content;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A media file of any size of which only the beginning and the end are real, and zeros between. */
final class HugeMedia implements Content {

    private static final long MB = 1 << 20;
    private static final List<Integer> SIZES = List.of(10, 100, 1024, 10240);

    private final byte[] begin;
    private final byte[] end;
    private final long size;
    private final long indexBytes;
    private final boolean repeated;

    private HugeMedia(byte[] begin, byte[] end, long size, long indexBytes, boolean repeated) {
        this.begin = begin;
        this.end = end;
        this.size = size;
        this.indexBytes = indexBytes;
        this.repeated = repeated;
    }

    @Override
    public long size() {
        return size;
    }

    /** The size of its index, which every reader has to read. */
    long indexBytes() {
        return indexBytes;
    }

    /** Of each format one in each size, by name. */
    static Map<String, HugeMedia> all(Path tools, Path folder)
            throws IOException, InterruptedException {
        byte[] mp4 = make(tools, folder.resolve("end.mp4"));
        byte[] fast = make(tools, folder.resolve("start.mp4"), "-movflags", "+faststart");
        byte[] mkv = make(tools, folder.resolve("a.mkv"), "-reserve_index_space", "200000");
        byte[] mxf = make(tools, folder.resolve("a.mxf"), "-c:v", "mpeg2video", "-an");
        byte[] ts = make(tools, folder.resolve("a.ts"));
        byte[] wav = make(tools, folder.resolve("a.wav"), "-vn", "-rf64", "always");
        Map<String, HugeMedia> all = new LinkedHashMap<>();
        for (int megabytes : SIZES) {
            long size = megabytes * MB;
            String suffix = "-" + megabytes + "mb";
            all.put("mp4-moov-at-end" + suffix, moovAtEnd(mp4, size));
            all.put("mp4-moov-at-start" + suffix, moovAtStart(fast, size));
            all.put("mkv" + suffix, matroska(mkv, size));
            all.put("mxf" + suffix, mxf(mxf, size));
            all.put(
                    "ts" + suffix,
                    new HugeMedia(ts, new byte[0], size / ts.length * ts.length, 0, true));
            all.put("wav" + suffix, wave(wav, size));
        }
        return all;
    }

    @Override
    public void read(long position, ByteBuffer into) {
        if (repeated) {
            for (long at = position; into.hasRemaining(); at++) {
                into.put(begin[(int) (at % begin.length)]);
            }
            return;
        }
        long endAt = size - end.length;
        for (long at = position; into.hasRemaining(); ) {
            int length = into.remaining();
            if (at < begin.length) {
                length = (int) Math.min(length, begin.length - at);
                into.put(begin, (int) at, length);
            } else if (at < endAt) {
                length = (int) Math.min(length, endAt - at);
                into.put(new byte[length]);
            } else {
                into.put(end, (int) (at - endAt), length);
            }
            at += length;
        }
    }

    /** Two minutes of a small moving picture with sound. */
    private static byte[] make(Path tools, Path file, String... options)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                tools.resolve("ffmpeg").toString(),
                                "-y",
                                "-loglevel",
                                "error",
                                "-f",
                                "lavfi",
                                "-i",
                                "testsrc=size=64x64:rate=25:duration=120",
                                "-f",
                                "lavfi",
                                "-i",
                                "sine=duration=120"));
        command.addAll(List.of(options));
        command.add(file.toString());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectErrorStream(true).redirectOutput(Redirect.DISCARD);
        builder.environment().put("LD_LIBRARY_PATH", tools.toString());
        if (builder.start().waitFor() != 0) {
            throw new IllegalStateException("ffmpeg cannot make " + file);
        }
        return Files.readAllBytes(file);
    }

    /** The media data gets a 64-bit size in the place that muxers leave for it before. */
    private static HugeMedia moovAtEnd(byte[] file, long size) {
        byte[] begin = file.clone();
        int mdat = find(begin, "mdat") - 4;
        int moov = mdat + ByteBuffer.wrap(begin).getInt(mdat);
        byte[] end = Arrays.copyOfRange(file, moov, file.length);
        growMdat(begin, mdat, size - end.length);
        return new HugeMedia(Arrays.copyOf(begin, moov), end, size, end.length, false);
    }

    private static HugeMedia moovAtStart(byte[] file, long size) {
        byte[] begin = file.clone();
        int moov = find(begin, "moov") - 4;
        int mdat = find(begin, "mdat") - 4;
        growMdat(begin, mdat, size);
        return new HugeMedia(begin, new byte[0], size, ByteBuffer.wrap(begin).getInt(moov), false);
    }

    private static void growMdat(byte[] file, int mdat, long end) {
        ByteBuffer box = ByteBuffer.wrap(file);
        box.putInt(mdat - 8, 1);
        box.put(mdat - 4, "mdat".getBytes(StandardCharsets.US_ASCII));
        box.putLong(mdat, end - (mdat - 8));
    }

    /** A segment without a size, and a void element at its end. */
    private static HugeMedia matroska(byte[] file, long size) {
        byte[] begin = Arrays.copyOf(file, file.length + 9);
        int segment = find(begin, new byte[] {0x18, 0x53, (byte) 0x80, 0x67}) + 4;
        Arrays.fill(begin, segment, segment + 8, (byte) 0xff);
        begin[segment] = 1;
        begin[file.length] = (byte) 0xec;
        ByteBuffer.wrap(begin).putLong(file.length + 1, (1L << 56) | (size - begin.length));
        return new HugeMedia(begin, new byte[0], size, 0, false);
    }

    /** A fill item before the footer, and the footer's place wherever it is written. */
    private static HugeMedia mxf(byte[] file, long size) {
        byte[] key = {
            0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01, 0x0d, 0x01, 0x02, 0x01, 0x01, 0x04
        };
        int footer = find(file, key);
        byte[] place = ByteBuffer.allocate(8).putLong(footer).array();
        long moved = size - (file.length - footer);
        byte[] patched = file.clone();
        for (int at = 0; at + 8 <= patched.length; at++) {
            if (Arrays.equals(patched, at, at + 8, place, 0, 8)) {
                ByteBuffer.wrap(patched).putLong(at, moved);
            }
        }
        byte[] begin = Arrays.copyOf(patched, footer + 25);
        byte[] fill = {
            0x06, 0x0e, 0x2b, 0x34, 0x01, 0x01, 0x01, 0x02, 0x03, 0x01, 0x02, 0x10, 0x01, 0, 0, 0
        };
        System.arraycopy(fill, 0, begin, footer, 16);
        begin[footer + 16] = (byte) 0x88;
        ByteBuffer.wrap(begin).putLong(footer + 17, moved - begin.length);
        return new HugeMedia(
                begin, Arrays.copyOfRange(patched, footer, patched.length), size, 0, false);
    }

    private static HugeMedia wave(byte[] file, long size) {
        byte[] begin = file.clone();
        int ds64 = find(begin, "ds64");
        int data = find(begin, "data");
        ByteBuffer sizes = ByteBuffer.wrap(begin).order(ByteOrder.LITTLE_ENDIAN);
        sizes.putLong(ds64 + 8, size - 8);
        sizes.putLong(ds64 + 16, size - (data + 8));
        sizes.putLong(ds64 + 24, (size - (data + 8)) / 2);
        return new HugeMedia(Arrays.copyOf(begin, data + 8), new byte[0], size, 0, false);
    }

    private static int find(byte[] in, String what) {
        return find(in, what.getBytes(StandardCharsets.US_ASCII));
    }

    private static int find(byte[] in, byte[] what) {
        for (int at = 0; at + what.length <= in.length; at++) {
            if (Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        throw new IllegalStateException("the file is not as it was expected");
    }
}
