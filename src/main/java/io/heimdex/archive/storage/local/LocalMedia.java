package io.heimdex.archive.storage.local;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A regular file, opened below one of its org's folders without following a link on the way. */
final class LocalMedia implements OpenedMedia {

    /** Under the process's own number, so that other processes can open them. */
    private static final String DESCRIPTORS = "/proc/" + ProcessHandle.current().pid() + "/fd";

    /** What Linux puts behind the name of an open file whose name was taken away. */
    private static final String UNLINKED = " (deleted)";

    private final SourceUri uri;
    private final int descriptor;
    private final FileFacts facts;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LocalMedia(SourceUri uri, int descriptor, FileFacts facts) {
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
        try (OpenFolder folder = OpenFolder.open(root, below.subList(0, below.size() - 1))) {
            int file = Posix.openFile(folder.descriptor(), below.getLast());
            try {
                return new LocalMedia(uri, file, checked(file, folder, below.getLast()));
            } catch (RuntimeException e) {
                Posix.close(file);
                throw e;
            }
        }
    }

    /** Opens a file that need not be anybody's. */
    static LocalMedia open(Path file) {
        int descriptor = Posix.openFile(Posix.AT_FDCWD, file.toString());
        try {
            return new LocalMedia(
                    SourceUri.parse(file.toUri().toString()), descriptor, regular(descriptor));
        } catch (RuntimeException e) {
            Posix.close(descriptor);
            throw e;
        }
    }

    private static FileFacts checked(int file, OpenFolder folder, String name) {
        FileFacts facts = regular(file);
        facts.requireOwnFile(folder.device());
        requireName(file, folder, name);
        return facts;
    }

    /**
     * Refuses a file that is not at its name any more. With one link it is the org's only if that
     * link is the name under which it was opened, and not the other one, of somebody else, to whose
     * file a second link was there for a moment. The links must have been counted before: whoever
     * was taking the name away by then has finished after the wait, and a name that an open file
     * has lost does not come back.
     */
    private static void requireName(int file, OpenFolder folder, String name) {
        Posix.awaitRenames(folder.descriptor());
        String now = text(Posix.path(file));
        String parent = text(Posix.path(folder.descriptor()));
        String bytes = text(name.getBytes(StandardCharsets.UTF_8));
        if (!now.equals(parent.equals("/") ? parent + bytes : parent + "/" + bytes)
                || now.endsWith(UNLINKED)) {
            throw new HeimdexException(
                    ErrorCode.SOURCE_CHANGED,
                    "The file was replaced while it was opened, or its name ends in"
                            + UNLINKED
                            + ".");
        }
    }

    /** Bytes of a name, whatever their encoding. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static FileFacts regular(int file) {
        FileFacts facts = Posix.facts(file);
        if (facts.kind() != FileFacts.Kind.REGULAR) {
            throw new HeimdexException(
                    ErrorCode.NOT_REGULAR_FILE, "The source is a folder, a pipe or a device.");
        }
        return facts;
    }

    @Override
    public SourceUri uri() {
        return uri;
    }

    @Override
    public long size() {
        return facts.sizeBytes();
    }

    @Override
    public Instant modifiedAt() {
        return facts.modifiedAt();
    }

    @Override
    public String fingerprint() {
        return facts.fingerprint();
    }

    @Override
    public InputStream newInputStream() throws IOException {
        return Files.newInputStream(path());
    }

    @Override
    public Optional<Path> descriptor() {
        return Optional.of(path());
    }

    private Path path() {
        return path(descriptor);
    }

    private static Path path(int descriptor) {
        return Path.of(DESCRIPTORS, Integer.toString(descriptor));
    }

    @Override
    public byte[] read(long position, int length) {
        try (SeekableByteChannel channel = Files.newByteChannel(path())) {
            return Channels.newInputStream(channel.position(position)).readNBytes(length);
        } catch (IOException e) {
            throw new HeimdexException(
                    ErrorCode.STORAGE_UNAVAILABLE, "The file cannot be read right now.", e);
        }
    }

    @Override
    public boolean unchanged() {
        try {
            return Posix.facts(descriptor).equals(facts);
        } catch (HeimdexException _) {
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
