package io.heimdex.archive.hostile;

import io.heimdex.archive.GeneratedMedia;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The hostile corpus: named cases, each a file in a folder of its own in the archive of an org, and
 * beside it what another org would not have read. It is made here, by code alone: {@link #main}
 * writes it into any folder.
 */
public final class Corpus {

    /** What no description of a file of the org's own may hold. */
    public static final String SECRET = "the other org's own";

    private final Path mine;
    private final Path theirs;
    private final Map<String, Path> cases = new LinkedHashMap<>();

    private Corpus(Path folder) throws IOException {
        this.mine = Files.createDirectories(folder.resolve("mine"));
        this.theirs = Files.createDirectories(folder.resolve("theirs"));
    }

    /**
     * Makes all of it.
     *
     * @param samples the folder of good files
     * @param port of loopback, where nobody may call
     */
    public static Corpus make(Path folder, Path samples, int port) throws IOException {
        Corpus corpus = new Corpus(folder.toAbsolutePath());
        corpus.secrets(samples);
        new Playlists(corpus, samples, port).make();
        new Names(corpus, samples).make();
        new Places(corpus, samples).make();
        new Bombs(corpus, samples).make();
        new Boxes(corpus).make();
        new Crowds(corpus).make();
        new Masks(corpus, samples).make();
        Damage.make(corpus.mine.resolve("damaged"), formats(samples)).forEach(corpus::found);
        return corpus;
    }

    /** One of each of twelve formats. */
    public static Map<String, Path> formats(Path samples) {
        GeneratedMedia generated = GeneratedMedia.load();
        Map<String, Path> formats = new LinkedHashMap<>();
        formats.put("mp4", samples.resolve("h264-aac.mp4"));
        formats.put("mov", samples.resolve("prores-timecode.mov"));
        formats.put("mkv", samples.resolve("chapters-subtitles.mkv"));
        formats.put("webm", samples.resolve("vp9-opus.webm"));
        formats.put("mxf", samples.resolve("mpeg2-pcm-op1a.mxf"));
        formats.put("wav", samples.resolve("tone-mono-8khz.wav"));
        formats.put("mp3", samples.resolve("tone-with-cover.mp3"));
        formats.put("flac", samples.resolve("tone.flac"));
        formats.put("jpg", samples.resolve("test-pattern.jpg"));
        formats.put("avi", generated.file("mpeg4-mp3.avi"));
        formats.put("ts", generated.file("mpeg2.ts"));
        formats.put("opus", generated.file("speech.opus"));
        return formats;
    }

    public static void main(String[] args) throws IOException {
        Corpus corpus = make(Path.of(args[0]), Path.of(args[1]), 9);
        corpus.cases().forEach((name, file) -> System.out.println(name + "\t" + file));
    }

    /** The files by the names of their cases. */
    public Map<String, Path> cases() {
        return Collections.unmodifiableMap(cases);
    }

    /** The folder that the org may read. */
    public Path mine() {
        return mine;
    }

    /** The folder that it may not. */
    public Path theirs() {
        return theirs;
    }

    private void secrets(Path samples) throws IOException {
        Files.copy(samples.resolve("h264-aac.mp4"), theirs.resolve("secret.mp4"));
        Files.copy(samples.resolve("tone-mono-8khz.wav"), theirs.resolve("secret.wav"));
        Files.copy(samples.resolve("tone-with-cover.mp3"), theirs.resolve("secret.mp3"));
        Files.writeString(theirs.resolve("secret.txt"), SECRET);
    }

    /** A place for the file of a case. */
    Path place(String name, String file) {
        Path place = folder(name).resolve(file).normalize();
        if (cases.put(name, place) != null) {
            throw new IllegalArgumentException(name);
        }
        return place;
    }

    /** A case that is there already. */
    void found(String name, Path file) {
        cases.put(name, file);
    }

    /** The folder of a case, for what lies beside its file. */
    Path folder(String name) {
        try {
            return Files.createDirectories(mine.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String name, String file, byte[] bytes) throws IOException {
        Files.write(place(name, file), bytes);
    }

    void write(String name, String file, String text) throws IOException {
        write(name, file, text.getBytes(StandardCharsets.UTF_8));
    }
}
