package io.heimdex.archive.storage.local;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.ArchiveVisitor;
import io.heimdex.archive.storage.FoundFile;
import io.heimdex.archive.storage.SourceUri;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/**
 * One walk through a tree of folders. Of each folder on the way down it keeps a descriptor and the
 * subfolders of one page of names, never more.
 */
final class ArchiveWalk implements AutoCloseable {

    /** Some 200 names; also the most that is kept of each folder on the way down. */
    private static final int PAGE_BYTES = 1 << 13;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final ArchiveVisitor visitor;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment page = arena.allocate(PAGE_BYTES, Long.BYTES);
    private final Deque<Level> levels = new ArrayDeque<>();

    private ArchiveWalk(ArchiveVisitor visitor) {
        this.visitor = visitor;
    }

    /**
     * Walks a folder.
     *
     * @param root of the archive, as its real path
     * @param below the names from there to the folder
     */
    static void walk(Path root, List<String> below, ArchiveVisitor visitor) {
        SourceUri uri = new SourceUri("file://", "file", List.of());
        for (Path name : root) {
            uri = child(uri, name.toString());
        }
        for (String name : below) {
            uri = child(uri, name);
        }
        try (ArchiveWalk walk = new ArchiveWalk(visitor)) {
            walk.levels.push(new Level(OpenFolder.open(root, below), uri));
            walk.run();
        }
    }

    /** A folder that is being read, and those of its subfolders whose turn is next. */
    private record Level(OpenFolder folder, SourceUri uri, Deque<String> subfolders) {

        Level(OpenFolder folder, SourceUri uri) {
            this(folder, uri, new ArrayDeque<>(0));
        }
    }

    private void run() {
        while (!levels.isEmpty()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new HeimdexException(
                        ErrorCode.SERVICE_UNAVAILABLE, "The walk through the archive was ended.");
            }
            Level level = levels.element();
            String subfolder = level.subfolders.poll();
            if (subfolder != null) {
                descend(level, subfolder);
            } else if (!readPage(level)) {
                levels.pop().folder.close();
            }
        }
    }

    private void descend(Level parent, String name) {
        SourceUri uri = child(parent.uri, name);
        try {
            levels.push(new Level(parent.folder.folder(name), uri));
        } catch (HeimdexException e) {
            tell(uri.text(), e);
        }
    }

    /** Whether there may be another page. */
    private boolean readPage(Level level) {
        int bytes;
        try {
            bytes = Posix.entries(level.folder.descriptor(), page);
        } catch (HeimdexException e) {
            tell(level.uri.text(), e);
            return false;
        }
        int at = 0;
        while (at < bytes) {
            int length =
                    Short.toUnsignedInt(page.get(ValueLayout.JAVA_SHORT, at + Posix.ENTRY_LENGTH));
            look(level, page.asSlice(at + Posix.ENTRY_NAME, length - Posix.ENTRY_NAME));
            at += length;
        }
        return bytes > 0;
    }

    private void look(Level level, MemorySegment cName) {
        byte[] name = bytes(cName);
        if (isSelfOrParent(name)) {
            return;
        }
        FoundFile found;
        try {
            FileFacts facts = Posix.facts(level.folder.descriptor(), cName);
            if (facts.kind() == FileFacts.Kind.OTHER) {
                return;
            }
            SourceUri uri = level.uri.child(name);
            if (facts.kind() == FileFacts.Kind.FOLDER) {
                level.subfolders.add(uri.name());
                return;
            }
            facts.requireOwnFile(level.folder.device());
            found = new FoundFile(uri, facts.sizeBytes(), facts.modifiedAt(), facts.fingerprint());
        } catch (HeimdexException e) {
            tell(inWords(level.uri, name), e);
            return;
        }
        visitor.file(found);
    }

    private void tell(String uri, HeimdexException fault) {
        visitor.unreadable(uri, fault.code(), fault.detail());
    }

    private static byte[] bytes(MemorySegment cName) {
        int length = 0;
        while (cName.get(ValueLayout.JAVA_BYTE, length) != 0) {
            length++;
        }
        return cName.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private static boolean isSelfOrParent(byte[] name) {
        return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }

    private static SourceUri child(SourceUri folder, String name) {
        return folder.child(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String inWords(SourceUri folder, byte[] name) {
        try {
            return folder.child(name).text();
        } catch (HeimdexException _) {
            StringBuilder text = new StringBuilder(folder.text()).append('/');
            for (byte b : name) {
                if (Character.isLetterOrDigit(b) || b == '.' || b == '-' || b == '_') {
                    text.append((char) b);
                } else {
                    text.append('%').append(HEX.toHexDigits(b));
                }
            }
            return text.toString();
        }
    }

    @Override
    public void close() {
        levels.forEach(level -> level.folder.close());
        arena.close();
    }
}
