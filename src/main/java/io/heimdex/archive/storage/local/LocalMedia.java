package io.heimdex.archive.storage.local;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/** A regular file, opened below one of its org's folders without following a link on the way. */
final class LocalMedia implements OpenedMedia {

    private final SourceUri uri;
    private final int descriptor;
    private final Facts facts;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LocalMedia(SourceUri uri, int descriptor, Facts facts) {
        this.uri = uri;
        this.descriptor = descriptor;
        this.facts = facts;
    }

    /**
     * Opens the file.
     *
     * @param root a folder of the org, as its real path
     * @param below the names from there to the file, at least one
     */
    static LocalMedia open(Path root, List<String> below, SourceUri uri) {
        int folder = Posix.openFolder(Posix.AT_FDCWD, root.toString());
        try {
            for (String name : below.subList(0, below.size() - 1)) {
                int next = Posix.openFolder(opened(folder), name);
                Posix.close(folder);
                folder = next;
            }
            int file = opened(Posix.openFile(opened(folder), below.getLast()));
            try {
                return new LocalMedia(uri, file, checked(file, root));
            } catch (IOException | RuntimeException e) {
                Posix.close(file);
                throw e;
            }
        } catch (IOException e) {
            throw unavailable(e);
        } finally {
            if (folder >= 0) {
                Posix.close(folder);
            }
        }
    }

    private static Facts checked(int file, Path root) throws IOException {
        Facts facts = Facts.of(path(file));
        if (!facts.regular()) {
            throw new HeimdexException(
                    ErrorCode.NOT_REGULAR_FILE, "The source is a folder, a pipe or a device.");
        }
        if (facts.links() > 1) {
            throw new HeimdexException(
                    ErrorCode.SOURCE_FORBIDDEN,
                    "The source has several hard links, so another org may own it.");
        }
        if (facts.device() != Facts.of(root).device()) {
            throw new HeimdexException(
                    ErrorCode.SOURCE_FORBIDDEN,
                    "The source is on another device than its archive.");
        }
        return facts;
    }

    /** What the file system says about an open file. */
    private record Facts(boolean regular, int links, long device, long size, Instant modifiedAt) {

        static Facts of(Path path) throws IOException {
            Map<String, Object> attributes =
                    Files.readAttributes(
                            path, "unix:isRegularFile,nlink,dev,size,lastModifiedTime");
            return new Facts(
                    attribute(attributes, "isRegularFile", Boolean.class),
                    attribute(attributes, "nlink", Integer.class),
                    attribute(attributes, "dev", Long.class),
                    attribute(attributes, "size", Long.class),
                    attribute(attributes, "lastModifiedTime", FileTime.class).toInstant());
        }

        private static <T> T attribute(Map<String, Object> attributes, String name, Class<T> type) {
            return type.cast(Objects.requireNonNull(attributes.get(name), name));
        }
    }

    private static int opened(int result) {
        if (result >= 0) {
            return result;
        }
        throw switch (-result) {
            case Posix.ENOENT, Posix.ENAMETOOLONG ->
                    new HeimdexException(
                            ErrorCode.SOURCE_NOT_FOUND, "There is no file at the source URI.");
            case Posix.ELOOP, Posix.ENOTDIR ->
                    new HeimdexException(
                            ErrorCode.SOURCE_FORBIDDEN,
                            "The path of the source leads over a link or through a file.");
            case Posix.EACCES ->
                    new HeimdexException(
                            ErrorCode.SOURCE_FORBIDDEN,
                            "The service has no permission to read the source's file.");
            case Posix.ENXIO ->
                    new HeimdexException(
                            ErrorCode.NOT_REGULAR_FILE, "The source is a socket or a device.");
            default -> unavailable(new IOException("errno " + -result));
        };
    }

    private static HeimdexException unavailable(IOException cause) {
        return new HeimdexException(
                ErrorCode.STORAGE_UNAVAILABLE, "The storage cannot be read right now.", cause);
    }

    /** Opens the same file again, by its descriptor and not by its name. */
    private static Path path(int descriptor) {
        return Path.of("/proc/self/fd", Integer.toString(descriptor));
    }

    @Override
    public SourceUri uri() {
        return uri;
    }

    @Override
    public long size() {
        return facts.size();
    }

    @Override
    public Instant modifiedAt() {
        return facts.modifiedAt();
    }

    @Override
    public String fingerprint() {
        return size() + ":" + modifiedAt();
    }

    @Override
    public InputStream newInputStream() throws IOException {
        return Files.newInputStream(descriptor());
    }

    @Override
    public Path descriptor() {
        return path(descriptor);
    }

    @Override
    public boolean unchanged() {
        try {
            return Facts.of(path(descriptor)).equals(facts);
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Posix.close(descriptor);
        }
    }
}
