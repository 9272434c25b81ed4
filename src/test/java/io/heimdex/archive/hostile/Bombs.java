package io.heimdex.archive.hostile;

import static io.heimdex.archive.hostile.Bytes.ascii;
import static io.heimdex.archive.hostile.Bytes.chunk;
import static io.heimdex.archive.hostile.Bytes.element;
import static io.heimdex.archive.hostile.Bytes.id;
import static io.heimdex.archive.hostile.Bytes.int16;
import static io.heimdex.archive.hostile.Bytes.int32;
import static io.heimdex.archive.hostile.Bytes.int64;
import static io.heimdex.archive.hostile.Bytes.join;
import static io.heimdex.archive.hostile.Bytes.little32;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;

/** Small files that want much memory, and large ones. */
final class Bombs {

    private static final int MEGABYTE = 1 << 20;

    private final Corpus corpus;
    private final Path samples;

    Bombs(Corpus corpus, Path samples) {
        this.corpus = corpus;
        this.samples = samples;
    }

    void make() throws IOException {
        pictures();
        music();
        matroska();
        others();
        noise();
    }

    private void pictures() throws IOException {
        corpus.write(
                "png-16000-squared", "picture.png", png(16_000, 16_000, Bytes.packedZeros(733)));
        corpus.write("png-65535-squared", "picture.png", png(65_535, 65_535, Bytes.packedZeros(1)));
        corpus.write(
                "png-2-31-wide", "picture.png", png(Integer.MAX_VALUE, 1, Bytes.packedZeros(1)));
        corpus.write("png-packed-text", "picture.png", withText(600));
        byte[] jpeg = Files.readAllBytes(samples.resolve("test-pattern.jpg"));
        int frame = find(jpeg, new byte[] {(byte) 0xff, (byte) 0xc0});
        ByteBuffer.wrap(jpeg)
                .putShort(frame + 5, (short) 65_500)
                .putShort(frame + 7, (short) 65_500);
        corpus.write("jpeg-65500-squared", "picture.jpg", jpeg);
        corpus.write(
                "gif-65535-squared",
                "picture.gif",
                join(
                        ascii("GIF89a"),
                        ascii(
                                "\u00ff\u00ff\u00ff\u00ff\0\0\0,\0\0\0\0\u00ff\u00ff\u00ff\u00ff\0\2\1D\0;")));
        corpus.write(
                "bmp-2-31-squared",
                "picture.bmp",
                join(
                        ascii("BM"),
                        little32(1000),
                        little32(0),
                        little32(54),
                        little32(40),
                        little32(Integer.MAX_VALUE),
                        little32(Integer.MAX_VALUE),
                        ascii("\1\0\30\0"),
                        new byte[1000]));
        corpus.write(
                "webp-16777216-wide",
                "picture.webp",
                chunk(
                        "RIFF",
                        ascii("WEBP"),
                        chunk("VP8X", new byte[4], ascii("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")),
                        chunk("VP8L", ascii("/\u00ff\u00ff\u00ff\u00ff"), new byte[99])));
        corpus.write(
                "tiff-2-32-wide",
                "picture.tiff",
                join(
                        ascii("II*\0"),
                        little32(8),
                        ascii("\5\0"),
                        tiff(256, -1),
                        tiff(257, -1),
                        tiff(258, 8),
                        tiff(273, 8),
                        tiff(279, -1),
                        new byte[100]));
    }

    private static byte[] tiff(int tag, long value) {
        return join(new byte[] {(byte) tag, (byte) (tag >> 8), 4, 0}, little32(1), little32(value));
    }

    private static byte[] png(int width, int height, byte[] data) {
        return join(
                ascii("\u0089PNG\r\n\u001a\n"),
                part("IHDR", join(int32(width), int32(height), new byte[] {8, 2, 0, 0, 0})),
                part("IDAT", data),
                part("IEND", new byte[0]));
    }

    /** A small picture with a packed text that is huge. */
    private static byte[] withText(int megabytes) {
        byte[] whole = png(1, 1, Bytes.packedZeros(1));
        byte[] text = part("zTXt", join(ascii("Comment\0\0"), Bytes.packedZeros(megabytes)));
        return join(Arrays.copyOf(whole, 33), text, Arrays.copyOfRange(whole, 33, whole.length));
    }

    private static byte[] part(String type, byte[] content) {
        byte[] checked = join(ascii(type), content);
        CRC32 crc = new CRC32();
        crc.update(checked);
        return join(int32(content.length), checked, int32(crc.getValue()));
    }

    private void music() throws IOException {
        byte[] song = Files.readAllBytes(samples.resolve("tone-with-cover.mp3"));
        byte[] packed = Bytes.packedZeros(250);
        corpus.write(
                "id3-packed-picture",
                "song.mp3",
                join(tag(frame("APIC", 0x0009, join(seven(250L * MEGABYTE), packed))), song));
        byte[] title = new byte[60 * MEGABYTE];
        Arrays.fill(title, (byte) '"');
        title[0] = 3;
        corpus.write("id3-title-of-60-mb", "song.mp3", join(tag(frame("TIT2", 0, title)), song));
        ByteArrayOutputStream comments = new ByteArrayOutputStream();
        for (int i = 0; i < 100_000; i++) {
            comments.writeBytes(frame("TXXX", 0, ascii("\3n%d\0v".formatted(i))));
        }
        corpus.write("id3-100000-tags", "song.mp3", join(tag(comments.toByteArray()), song));
        flacWithPictures();
        corpus.write(
                "wav-2-32-of-text",
                "song.wav",
                join(
                        ascii("RIFF"),
                        little32(-1),
                        ascii("WAVE"),
                        chunk("fmt ", ascii("\1\0\1\0@\37\0\0\u0080\76\0\0\2\0\20\0")),
                        ascii("LIST"),
                        little32(-1),
                        ascii("INFOINAM"),
                        little32(-1),
                        new byte[100]));
        corpus.write(
                "aiff-65535-channels",
                "song.aiff",
                join(
                        ascii("FORM"),
                        int32(200),
                        ascii("AIFFCOMM"),
                        int32(18),
                        int16(-1),
                        int32(-1),
                        int16(16),
                        ascii("@\16\u00acD"),
                        new byte[6],
                        ascii("SSND"),
                        int32(100),
                        new byte[100]));
    }

    private static byte[] tag(byte[] frames) {
        return join(ascii("ID3\4\0\0"), seven(frames.length), frames);
    }

    private static byte[] frame(String id, int flags, byte[] content) {
        return join(ascii(id), seven(content.length), int16(flags), content);
    }

    /** Seven bits a byte. */
    private static byte[] seven(long value) {
        return new byte[] {
            (byte) (value >> 21 & 0x7f),
            (byte) (value >> 14 & 0x7f),
            (byte) (value >> 7 & 0x7f),
            (byte) (value & 0x7f)
        };
    }

    /** Each picture is below the limit of one allocation; together they are 640 MB, and holes. */
    private void flacWithPictures() throws IOException {
        byte[] good = Files.readAllBytes(samples.resolve("tone.flac"));
        int picture = (1 << 24) - 1;
        byte[] head =
                join(
                        int32(3),
                        int32(9),
                        ascii("image/png"),
                        int32(0),
                        new byte[16],
                        int32(picture - 41));
        Path file = corpus.place("flac-40-pictures-of-16-mb", "song.flac");
        try (SeekableByteChannel out =
                Files.newByteChannel(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.SPARSE))) {
            out.write(ByteBuffer.wrap(good, 0, 42));
            for (int i = 0; i < 40; i++) {
                long at = out.position();
                out.write(ByteBuffer.wrap(join(int32(6L << 24 | picture), head)));
                out.position(at + 4 + picture);
            }
            out.write(ByteBuffer.wrap(join(int32(0x81L << 24 | 4), new byte[4])));
        }
    }

    private void matroska() throws IOException {
        byte[] header = element(0x1A45DFA3, element(0x4282, ascii("matroska")));
        byte[] info = element(0x1549A966, element(0x2AD7B1, int32(1_000_000)));
        byte[] video = element(0xE0, element(0xB0, int32(16)), element(0xBA, int32(16)));
        byte[] track =
                join(
                        element(0xD7, new byte[] {1}),
                        element(0x73C5, new byte[] {1}),
                        element(0x83, new byte[] {1}),
                        element(0x86, ascii("V_VP8")),
                        video);
        byte[] tracks = element(0x1654AE6B, element(0xAE, track));
        corpus.write(
                "mkv-element-of-2-56",
                "film.mkv",
                join(
                        header,
                        id(0x18538067),
                        int64(-1L >>> 7 | 1L << 56),
                        info,
                        tracks,
                        id(0x1254C367),
                        int64((1L << 57) - 3)));
        byte[] large = element(0xE0, element(0xB0, int32(65_535)), element(0xBA, int32(65_535)));
        corpus.write(
                "mkv-picture-65535-squared",
                "film.mkv",
                join(
                        header,
                        segment(
                                info,
                                element(
                                        0x1654AE6B,
                                        element(
                                                0xAE,
                                                element(0xD7, new byte[] {1}),
                                                element(0x73C5, new byte[] {1}),
                                                element(0x83, new byte[] {1}),
                                                // Of a codec that nobody asks about the size.
                                                element(0x86, ascii("V_NOBODY")),
                                                large)))));
        byte[] simple = element(0x67C8, element(0x45A3, ascii("A")), element(0x4487, ascii("b")));
        corpus.write(
                "mkv-200000-tags",
                "film.mkv",
                join(header, segment(info, tracks, tags(simple, 200_000))));
        ByteArrayOutputStream chapters = new ByteArrayOutputStream();
        for (int i = 1; i <= 100_000; i++) {
            chapters.writeBytes(
                    element(
                            0xB6,
                            element(0x73C4, int32(i)),
                            element(0x91, int32(i)),
                            element(0x80, element(0x85, ascii("chapter")))));
        }
        byte[] edition = element(0x1043A770, element(0x45B9, chapters.toByteArray()));
        corpus.write(
                "mkv-100000-chapters", "film.mkv", join(header, segment(info, tracks, edition)));
        corpus.write(
                "mkv-20000-deep", "film.mkv", join(header, segment(info, tracks, deep(20_000))));
        byte[] encoding =
                element(
                        0x6D80,
                        element(
                                0x6240,
                                element(0x5032, new byte[] {2}),
                                element(0x5033, new byte[] {0}),
                                element(0x5034, element(0x4254, new byte[] {0}))));
        corpus.write(
                "mkv-packed-private-data",
                "film.mkv",
                join(
                        header,
                        segment(
                                info,
                                element(
                                        0x1654AE6B,
                                        element(
                                                0xAE,
                                                track,
                                                element(0x63A2, Bytes.packedZeros(600)),
                                                encoding)))));
        corpus.write(
                "mkv-1000-tracks",
                "film.mkv",
                join(
                        header,
                        segment(info, element(0x1654AE6B, repeated(element(0xAE, track), 1000)))));
    }

    private static byte[] segment(byte[]... parts) {
        byte[] block = {(byte) 0x81, 0, 0, (byte) 0x80, 0x10, 0, 0, (byte) 0x9d, 1, 0x2a};
        byte[] cluster =
                element(
                        0x1F43B675,
                        element(0xE7, new byte[1]),
                        element(0xA3, Arrays.copyOf(block, 64)));
        return element(0x18538067, join(parts), cluster);
    }

    private static byte[] tags(byte[] simple, int count) {
        return element(0x1254C367, element(0x7373, element(0x63C0), repeated(simple, count)));
    }

    private static byte[] repeated(byte[] part, int count) {
        byte[] all = new byte[part.length * count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(part, 0, all, i * part.length, part.length);
        }
        return all;
    }

    /** Tags in tags. */
    private static byte[] deep(int levels) {
        byte[] id = id(0x67C8);
        ByteBuffer all = ByteBuffer.allocate(levels * (id.length + 8));
        for (int i = 0; i < levels; i++) {
            all.put(id).putLong(1L << 56 | all.remaining() - 8);
        }
        return element(0x1254C367, element(0x7373, all.array()));
    }

    private void others() throws IOException {
        byte[] objects = repeated(ascii("\0\1a\3"), 10_000);
        byte[] script = join(ascii("\2\0\nonMetaData\3"), objects);
        corpus.write(
                "flv-10000-objects-deep",
                "film.flv",
                join(
                        ascii("FLV\1\5"),
                        int32(9),
                        int32(0),
                        int32(18L << 24 | script.length),
                        int32(0),
                        new byte[3],
                        script,
                        int32(script.length + 11L)));
        corpus.write(
                "mxf-partition-of-2-56",
                "film.mxf",
                join(
                        Arrays.copyOf(
                                Files.readAllBytes(samples.resolve("mpeg2-pcm-op1a.mxf")), 16),
                        new byte[] {(byte) 0x88},
                        int64(1L << 56),
                        new byte[200]));
        corpus.write(
                "gz",
                "film.mp4",
                join(ascii("\u001f\u008b\b\0\0\0\0\0\0\3"), Bytes.packedZeros(600)));
    }

    private void noise() throws IOException {
        byte[] noise = new byte[MEGABYTE];
        new Random(7).nextBytes(noise);
        corpus.write("noise-mp3", "song.mp3", noise);
        corpus.write("noise-mp4", "film.mp4", noise);
        corpus.write("noise-ts", "film.ts", noise);
        corpus.write("zeros", "film.mp4", new byte[MEGABYTE]);
        byte[] ones = new byte[MEGABYTE];
        Arrays.fill(ones, (byte) -1);
        corpus.write("ones", "song.mp3", ones);
        corpus.write("one-byte", "film.mp4", new byte[1]);
    }

    static int find(byte[] in, byte[] what) {
        for (int at = 0; at + what.length <= in.length; at++) {
            if (Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        throw new IllegalStateException("the sample is not as it was expected");
    }
}
