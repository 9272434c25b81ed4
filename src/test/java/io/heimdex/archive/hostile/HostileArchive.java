package io.heimdex.archive.hostile;

import io.heimdex.archive.GeneratedMedia;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.storage.local.TestStore;
import io.heimdex.archive.tenancy.OrgId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** An org's archive of all hostile cases, and a server beside it that nobody is to call. */
public final class HostileArchive implements AutoCloseable {

    private static final Path SAMPLES = Path.of("samples").toAbsolutePath();
    private static final OrgId MINE = new OrgId("mine");
    private static final OrgId DEVICES = new OrgId("devices");

    private final Map<String, Path> cases = new TreeMap<>();
    private final ServerSocket nobody = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Path mine;
    private final MediaStore store;

    /** Makes it in an empty folder. */
    public HostileArchive(Path folder) throws IOException {
        Corpus corpus = Corpus.make(folder, SAMPLES, nobody.getLocalPort());
        mine = corpus.mine();
        cases.putAll(corpus.cases());
        cases.putAll(Damage.make(mine.resolve("damaged"), formats()));
        store =
                TestStore.of(
                        folder.resolve("data"),
                        Map.of(MINE.value(), mine.toString(), DEVICES.value(), "/dev"));
    }

    /** The files by the names of their cases. */
    public Map<String, Path> cases() {
        return Collections.unmodifiableMap(cases);
    }

    /** A new folder that its org may read. */
    public Path folder(String name) throws IOException {
        return Files.createDirectory(mine.resolve(name));
    }

    /** One of each of twelve formats. */
    public static Map<String, Path> formats() {
        GeneratedMedia generated = GeneratedMedia.load();
        Map<String, Path> formats = new LinkedHashMap<>();
        formats.put("mp4", SAMPLES.resolve("h264-aac.mp4"));
        formats.put("mov", SAMPLES.resolve("prores-timecode.mov"));
        formats.put("mkv", SAMPLES.resolve("chapters-subtitles.mkv"));
        formats.put("webm", SAMPLES.resolve("vp9-opus.webm"));
        formats.put("mxf", SAMPLES.resolve("mpeg2-pcm-op1a.mxf"));
        formats.put("wav", SAMPLES.resolve("tone-mono-8khz.wav"));
        formats.put("mp3", SAMPLES.resolve("tone-with-cover.mp3"));
        formats.put("flac", SAMPLES.resolve("tone.flac"));
        formats.put("jpg", SAMPLES.resolve("test-pattern.jpg"));
        formats.put("avi", generated.file("mpeg4-mp3.avi"));
        formats.put("ts", generated.file("mpeg2.ts"));
        formats.put("opus", generated.file("speech.opus"));
        return formats;
    }

    /** Opens a file as the service does for its org. */
    public OpenedMedia open(Path file) {
        return store.open(file.startsWith("/dev") ? DEVICES : MINE, SourceUri.parse(uri(file)));
    }

    /** Java's own ends in a slash where there is a folder. */
    private static String uri(Path file) {
        return file.toUri().toString().replaceFirst("/$", "");
    }

    /** Whether somebody called; whoever did has waited to be answered. */
    public boolean called(int withinMillis) throws IOException {
        nobody.setSoTimeout(withinMillis);
        try {
            nobody.accept().close();
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        nobody.close();
    }
}
