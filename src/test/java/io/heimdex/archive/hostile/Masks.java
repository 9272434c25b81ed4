package io.heimdex.archive.hostile;

import static io.heimdex.archive.hostile.Bytes.ascii;
import static io.heimdex.archive.hostile.Bytes.box;
import static io.heimdex.archive.hostile.Bytes.ftyp;
import static io.heimdex.archive.hostile.Bytes.fullBox;
import static io.heimdex.archive.hostile.Bytes.int32;
import static io.heimdex.archive.hostile.Bytes.join;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files that are two things at once, or not the one they are called. */
final class Masks {

    private static final String SCRIPT = "<script>alert(document.domain)</script>";

    private final Corpus corpus;
    private final Path samples;

    Masks(Corpus corpus, Path samples) {
        this.corpus = corpus;
        this.samples = samples;
    }

    void make() throws IOException {
        byte[] mp4 = sample("h264-aac.mp4");
        byte[] jpeg = sample("test-pattern.jpg");
        byte[] wav = sample("tone-mono-8khz.wav");
        byte[] mp3 = sample("tone-with-cover.mp3");
        byte[] zip = zip();
        byte[] list = ascii("#EXTM3U\n#EXTINF:1,\n" + corpus.theirs() + "/secret.mp4\n");

        corpus.write("mp4-and-playlist", "film.m3u8", join(mp4, box("free", list)));
        corpus.write("playlist-and-mp4", "film.mp4", join(list, mp4));
        corpus.write("mp4-and-zip", "film.zip", join(mp4, zip));
        corpus.write("mp4-and-page", "film.html", join(ftyp(), box("free", ascii(SCRIPT)), mp4));
        corpus.write(
                "pdf-and-mp4",
                "film.pdf",
                join(ftyp(), box("free", ascii("%PDF-1.7\n%%EOF\n")), mp4));
        corpus.write("jpeg-and-zip", "picture.jar", join(jpeg, zip));
        corpus.write("jpeg-and-page", "picture.html", join(jpeg, ascii(SCRIPT)));
        corpus.write("wav-and-program", "song.exe", join(wav, ascii("MZ"), new byte[100]));
        corpus.write("page-and-mp3", "song.html", join(ascii(SCRIPT), mp3));
        corpus.write("mp3-and-mp4", "song.mp3", join(mp3, mp4));
        corpus.write("mp4-twice", "film.mp4", join(mp4, mp4));

        corpus.write("text", "film.mp4", "This is no film.\n".repeat(1000));
        corpus.write("page", "film.mp4", "<!DOCTYPE html><html><body>" + SCRIPT + "</body></html>");
        corpus.write("zip", "film.mp4", zip);
        corpus.write("pdf", "film.mp4", "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n");
        corpus.write("shell-script", "film.mp4", "#!/bin/sh\ntouch x\n");
        byte[] program = new byte[100_000];
        System.arraycopy(ascii("\u007fELF\2\1\1"), 0, program, 0, 7);
        corpus.write("program", "film.mp4", program);
        corpus.write(
                "tar", "film.mp4", join(ascii("a"), new byte[256], ascii("ustar"), new byte[762]));

        corpus.write(
                "title-of-markup", "film.mp4", titled(SCRIPT.getBytes(StandardCharsets.UTF_8)));
        corpus.write("title-with-nul", "film.mp4", titled(ascii("a\0b")));
        corpus.write(
                "title-not-utf-8",
                "film.mp4",
                titled(new byte[] {'a', (byte) 0xff, (byte) 0xed, (byte) 0xa0, (byte) 0x80}));
        corpus.write(
                "title-of-json",
                "film.mp4",
                titled(ascii("\"}],\"format\":{\"probe_score\":1}}\n\n{")));
        corpus.write(
                "title-of-terminal-codes",
                "film.mp4",
                titled(ascii("\u001b]0;x\u0007\u001b[2J\r\nINFO forged line")));
    }

    /** The film with a title behind its other boxes, in a place where QuickTime has one. */
    private byte[] titled(byte[] title) throws IOException {
        byte[] data = box("data", int32(1), int32(0), title);
        byte[] meta =
                fullBox(
                        "meta",
                        fullBox("hdlr", int32(0), ascii("mdirappl"), new byte[9]),
                        box("ilst", box("\u00a9nam", data)));
        byte[] movie = Boxes.movie(box("udta", meta), track());
        return join(ftyp(), movie, box("mdat", new byte[64]));
    }

    private static byte[] track() {
        return box(
                "trak",
                fullBox("tkhd", new byte[80]),
                box(
                        "mdia",
                        fullBox("mdhd", new byte[8], int32(1000), int32(1000), int32(0)),
                        fullBox("hdlr", int32(0), ascii("vide"), new byte[13]),
                        box("minf", fullBox("vmhd", new byte[8]), Boxes.table())));
    }

    private static byte[] zip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("../../escape.txt"));
            zip.write(new byte[10_000]);
        }
        return bytes.toByteArray();
    }

    private byte[] sample(String name) throws IOException {
        return Files.readAllBytes(samples.resolve(name));
    }
}
