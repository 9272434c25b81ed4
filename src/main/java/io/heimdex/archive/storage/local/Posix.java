package io.heimdex.archive.storage.local;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.time.Instant;

/**
 * The system calls that Java's own file API lacks: opening a name inside an open folder, and asking
 * what it is, without following links and without waiting where the name is a pipe; and reading the
 * names of a folder byte by byte as they are.
 *
 * <p>A call that fails throws {@code source_not_found}, {@code source_forbidden}, {@code
 * not_regular_file} or, for what may pass, {@code storage_unavailable}.
 */
@SuppressWarnings("restricted")
final class Posix {

    /** Opens a folder by its full path; only for folders that were configured. */
    static final int AT_FDCWD = -100;

    /** Where the length of an entry, and its name with a 0 at the end, are in {@link #entries}. */
    static final int ENTRY_LENGTH = 16;

    static final int ENTRY_NAME = 19;

    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int EINTR = 4;
    private static final int ENXIO = 6;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;
    private static final int ENAMETOOLONG = 36;
    private static final int ELOOP = 40;

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final int O_NOCTTY = 0x100;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
    private static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;

    /** By number: the C library has no function for it before glibc 2.30. */
    private static final long GETDENTS64 = ARM ? 61 : 217;

    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_NO_AUTOMOUNT = 0x800;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_BYTES = 256;
    private static final int STATX_LINKS = 16;
    private static final int STATX_MODE = 28;
    private static final int STATX_SIZE = 40;
    private static final int STATX_MODIFIED_SECOND = 112;
    private static final int STATX_MODIFIED_NANO = 120;
    private static final int STATX_DEVICE_MAJOR = 136;
    private static final int STATX_DEVICE_MINOR = 140;
    private static final int S_IFMT = 0xf000;
    private static final int S_IFDIR = 0x4000;
    private static final int S_IFREG = 0x8000;

    private static final int LONGEST_ENTRY = 280;
    private static final int LONGEST_PATH = 4096;

    private static final MemorySegment NO_NAME = Arena.global().allocateFrom("");
    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO =
            Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));
    private static final MethodHandle OPENAT =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("openat"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(3),
                    Linker.Option.captureCallState("errno"));
    private static final MethodHandle STATX =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("statx"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS),
                    Linker.Option.captureCallState("errno"));
    private static final MethodHandle SYSCALL =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG),
                    Linker.Option.firstVariadicArg(1),
                    Linker.Option.captureCallState("errno"));
    private static final MethodHandle READLINK =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("readlink"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG),
                    Linker.Option.captureCallState("errno"));
    private static final MethodHandle CLOSE =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("close"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Posix() {}

    /** A descriptor of the folder. */
    static int openFolder(int parent, String name) {
        return open(parent, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    }

    /** A descriptor of the file, open for reading. */
    static int openFile(int parent, String name) {
        return open(parent, name, O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    }

    /** What an open file or folder is. */
    static FileFacts facts(int descriptor) {
        return facts(descriptor, NO_NAME, AT_EMPTY_PATH);
    }

    /**
     * What the name in the folder is; of a link, that it is one.
     *
     * @param name with a 0 at the end
     */
    static FileFacts facts(int folder, MemorySegment name) {
        return facts(folder, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT);
    }

    /**
     * Fills the buffer with the folder's next entries; the number of bytes that they take, 0 at the
     * end.
     */
    static int entries(int folder, MemorySegment buffer) {
        return call((_, state) ->
                (int)
                        (long)
                                SYSCALL.invokeExact(
                                        state,
                                        GETDENTS64,
                                        (long) folder,
                                        buffer,
                                        buffer.byteSize()));
    }

    /**
     * Waits for what is being renamed or deleted in the folder at this moment. Linux counts the
     * links of a file down before it takes the name away, but holds the folder for both, and
     * reading its names waits for that.
     *
     * @param folder not one whose entries are being read
     */
    static void awaitRenames(int folder) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = entries(folder, arena.allocate(LONGEST_ENTRY, Long.BYTES));
        }
    }

    /** The path of what is open, as Linux knows it now; with {@code (deleted)} if it has none. */
    static byte[] path(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment link = arena.allocateFrom("/proc/self/fd/" + descriptor);
            MemorySegment path = arena.allocate(LONGEST_PATH);
            int length =
                    call((_, state) ->
                            (int) (long) READLINK.invokeExact(state, link, path, path.byteSize()));
            return path.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException("close cannot be called", e);
        }
    }

    private static int open(int parent, String name, int flags) {
        return call((arena, state) ->
                (int) OPENAT.invokeExact(state, parent, arena.allocateFrom(name), flags));
    }

    private static FileFacts facts(int folder, MemorySegment name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statx = arena.allocate(STATX_BYTES, Long.BYTES);
            int ignored =
                    call((_, state) ->
                            (int)
                                    STATX.invokeExact(
                                            state, folder, name, flags, STATX_BASIC_STATS, statx));
            return new FileFacts(
                    switch (statx.get(ValueLayout.JAVA_SHORT, STATX_MODE) & S_IFMT) {
                        case S_IFREG -> FileFacts.Kind.REGULAR;
                        case S_IFDIR -> FileFacts.Kind.FOLDER;
                        default -> FileFacts.Kind.OTHER;
                    },
                    statx.get(ValueLayout.JAVA_INT, STATX_LINKS),
                    (long) statx.get(ValueLayout.JAVA_INT, STATX_DEVICE_MAJOR) << Integer.SIZE
                            | statx.get(ValueLayout.JAVA_INT, STATX_DEVICE_MINOR),
                    statx.get(ValueLayout.JAVA_LONG, STATX_SIZE),
                    Instant.ofEpochSecond(
                            statx.get(ValueLayout.JAVA_LONG, STATX_MODIFIED_SECOND),
                            statx.get(ValueLayout.JAVA_INT, STATX_MODIFIED_NANO)));
        }
    }

    /** A call of the C library, which says by -1 that it failed. */
    private interface Call {
        int make(Arena arena, MemorySegment state) throws Throwable;
    }

    private static int call(Call call) {
        int error;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            do {
                int result = call.make(arena, state);
                if (result >= 0) {
                    return result;
                }
                error = (int) ERRNO.get(state, 0L);
            } while (error == EINTR);
        } catch (Throwable e) {
            throw new IllegalStateException("the system cannot be called", e);
        }
        throw fault(error);
    }

    private static HeimdexException fault(int error) {
        return switch (error) {
            case ENOENT, ENAMETOOLONG ->
                    new HeimdexException(
                            ErrorCode.SOURCE_NOT_FOUND, "There is nothing at the source URI.");
            case ELOOP, ENOTDIR ->
                    new HeimdexException(
                            ErrorCode.SOURCE_FORBIDDEN,
                            "The path of the source leads over a link or through a file.");
            case EACCES, EPERM ->
                    new HeimdexException(
                            ErrorCode.SOURCE_FORBIDDEN,
                            "The service has no permission to read the source.");
            case ENXIO ->
                    new HeimdexException(
                            ErrorCode.NOT_REGULAR_FILE, "The source is a socket or a device.");
            default ->
                    new HeimdexException(
                            ErrorCode.STORAGE_UNAVAILABLE,
                            "The storage cannot be read right now.",
                            new IOException("errno " + error));
        };
    }
}
