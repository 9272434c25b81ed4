package io.heimdex.archive.hostile;

import static io.heimdex.archive.hostile.Bytes.ascii;
import static io.heimdex.archive.hostile.Bytes.box;
import static io.heimdex.archive.hostile.Bytes.ftyp;
import static io.heimdex.archive.hostile.Bytes.fullBox;
import static io.heimdex.archive.hostile.Bytes.int32;
import static io.heimdex.archive.hostile.Bytes.int64;
import static io.heimdex.archive.hostile.Bytes.join;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** ISO media files whose boxes are too many, too deep, too large or too little. */
final class Boxes {

    private static final int MEGABYTE = 1 << 20;

    private final Corpus corpus;

    Boxes(Corpus corpus) {
        this.corpus = corpus;
    }

    void make() throws IOException {
        byte[] free = new byte[24 * MEGABYTE];
        ByteBuffer boxes = ByteBuffer.wrap(free);
        while (boxes.hasRemaining()) {
            boxes.putInt(8).put(ascii("free"));
        }
        corpus.write("mp4-24-mb-of-empty-boxes", "film.mp4", join(ftyp(), free));
        corpus.write("mp4-20000-boxes-deep", "film.mp4", join(ftyp(), deep(20_000)));
        corpus.write(
                "mp4-box-of-2-63",
                "film.mp4",
                join(ftyp(), int32(1), ascii("moov"), int64(Long.MAX_VALUE)));
        corpus.write(
                "mp4-box-of-2-64", "film.mp4", join(ftyp(), int32(1), ascii("moov"), int64(-1)));
        corpus.write(
                "mp4-box-of-nothing",
                "film.mp4",
                join(ftyp(), int32(2), ascii("moov"), new byte[64]));
        corpus.write(
                "mp4-268-million-samples",
                "film.mp4",
                join(ftyp(), movie(track(table(0x1000_0000, 0x1000_0000)))));
        corpus.write("mp4-negative-samples", "film.mp4", join(ftyp(), movie(track(table(-1, -1)))));
        corpus.write("mp4-1000-tracks", "film.mov", join(ftyp(), movie(tracks(1000))));
        corpus.write("mp4-20000-tracks", "film.mov", join(ftyp(), movie(tracks(20_000))));
        corpus.write(
                "mp4-picture-65535-squared", "film.mp4", join(ftyp(), movie(track(sized(65_535)))));
        byte[] zeros = Bytes.packedZeros(600);
        corpus.write(
                "mov-packed-movie",
                "film.mov",
                join(
                        ftyp(),
                        box(
                                "moov",
                                box(
                                        "cmov",
                                        box("dcom", ascii("zlib")),
                                        box("cmvd", int32(600L * MEGABYTE), zeros)))));
        byte[] cover = box("data", int32(13), int32(0));
        ByteBuffer.wrap(cover).putInt(200 * MEGABYTE);
        sparse(
                "mp4-cover-of-200-mb",
                join(
                        ftyp(),
                        lists(
                                join(int32(200L * MEGABYTE + 8), ascii("covr"), cover),
                                200L * MEGABYTE)),
                200L * MEGABYTE);
        sparse(
                "sparse-terabyte-of-media",
                join(ftyp(), int32(1), ascii("mdat"), int64(1L << 40)),
                1L << 40);
    }

    private static byte[] deep(int levels) {
        ByteBuffer boxes = ByteBuffer.allocate(8 * levels);
        for (int i = 0; i < levels; i++) {
            boxes.putInt(8 * (levels - i)).put(ascii(i == 0 ? "moov" : "trak"));
        }
        return boxes.array();
    }

    static byte[] movie(byte[]... parts) {
        return box(
                "moov",
                fullBox("mvhd", new byte[8], int32(1000), int32(1000), new byte[80]),
                join(parts));
    }

    private static byte[] tracks(int count) {
        byte[] one = track(table());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes(one);
        }
        return all.toByteArray();
    }

    private static byte[] track(byte[] table) {
        return box(
                "trak",
                fullBox("tkhd", new byte[80]),
                box(
                        "mdia",
                        fullBox("mdhd", new byte[8], int32(1000), int32(1000), int32(0)),
                        fullBox("hdlr", int32(0), ascii("vide"), new byte[13]),
                        box("minf", fullBox("vmhd", new byte[8]), table)));
    }

    /** One sample of uncompressed video. */
    static byte[] table() {
        return table(1, 1);
    }

    private static byte[] table(int samples, int chunks) {
        return table(samples, chunks, 16);
    }

    private static byte[] sized(int side) {
        return table(1, 1, side);
    }

    private static byte[] table(int samples, int chunks, int side) {
        byte[] description =
                box(
                        "raw ",
                        new byte[6],
                        Bytes.int16(1),
                        new byte[16],
                        Bytes.int16(side),
                        Bytes.int16(side),
                        new byte[46],
                        Bytes.int16(24),
                        Bytes.int16(-1));
        return box(
                "stbl",
                fullBox("stsd", int32(1), description),
                fullBox("stts", int32(1), int32(samples), int32(40)),
                fullBox("stsc", int32(1), int32(1), int32(1), int32(1)),
                fullBox("stsz", int32(4), int32(samples)),
                fullBox("stco", int32(chunks), int32(40)));
    }

    /** What comes before the content of the only entry of a list of metadata. */
    private static byte[] lists(byte[] entry, long content) {
        byte[] handler = fullBox("hdlr", int32(0), ascii("mdirappl"), new byte[9]);
        byte[] list = join(int32(entry.length + 8L + content - 16), ascii("ilst"), entry);
        byte[] meta =
                join(
                        int32(12L + handler.length + list.length + content - 16),
                        ascii("meta"),
                        int32(0),
                        handler,
                        list);
        byte[] user = join(int32(8L + meta.length + content - 16), ascii("udta"), meta);
        byte[] header = fullBox("mvhd", new byte[8], int32(1000), int32(1000), new byte[80]);
        return join(
                int32(8L + header.length + user.length + content - 16),
                ascii("moov"),
                header,
                user);
    }

    private void sparse(String name, byte[] begin, long size) throws IOException {
        Path file = corpus.place(name, "film.mp4");
        Sparse.write(file, begin, size + begin.length);
    }

    /** Files with holes. */
    static final class Sparse {

        private Sparse() {}

        static void write(Path file, byte[] begin, long size) throws IOException {
            try (SeekableByteChannel channel =
                    Files.newByteChannel(
                            file,
                            Set.of(
                                    StandardOpenOption.CREATE_NEW,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.SPARSE))) {
                channel.write(ByteBuffer.wrap(begin));
                channel.position(size - 1);
                channel.write(ByteBuffer.wrap(new byte[1]));
            }
        }
    }
}
