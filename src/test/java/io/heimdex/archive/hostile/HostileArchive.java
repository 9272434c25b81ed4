package io.heimdex.archive.hostile;

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
import java.util.Map;

/** An org's archive of all hostile cases, and a server beside it that nobody is to call. */
public final class HostileArchive implements AutoCloseable {

    public static final Path SAMPLES = Path.of("samples").toAbsolutePath();
    private static final OrgId MINE = new OrgId("mine");
    private static final OrgId DEVICES = new OrgId("devices");

    private final ServerSocket nobody = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Corpus corpus;
    private final MediaStore store;

    /** Makes it in an empty folder. */
    public HostileArchive(Path folder) throws IOException {
        corpus = Corpus.make(folder, SAMPLES, nobody.getLocalPort());
        store =
                TestStore.of(
                        folder.resolve("data"),
                        Map.of(MINE.value(), corpus.mine().toString(), DEVICES.value(), "/dev"));
    }

    /** The files by the names of their cases. */
    public Map<String, Path> cases() {
        return corpus.cases();
    }

    /** A new folder that its org may read. */
    public Path folder(String name) throws IOException {
        return Files.createDirectory(corpus.mine().resolve(name));
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
