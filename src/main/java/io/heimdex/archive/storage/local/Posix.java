package io.heimdex.archive.storage.local;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls that Java's own file API lacks: opening a name inside an open folder without
 * following links, and without waiting where the name is a pipe.
 */
@SuppressWarnings("restricted")
final class Posix {

    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EACCES = 13;
    static final int ENOTDIR = 20;
    static final int ENXIO = 6;
    static final int ENAMETOOLONG = 36;
    static final int ELOOP = 40;

    /** Opens a folder by its full path; only for folders that were configured. */
    static final int AT_FDCWD = -100;

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
    private static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;

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
    private static final MethodHandle CLOSE =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("close"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private Posix() {}

    /** A descriptor of the folder, or minus the error number. */
    static int openFolder(int parent, String name) {
        return open(parent, name, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    }

    /** A descriptor of the file, open for reading, or minus the error number. */
    static int openFile(int parent, String name) {
        return open(parent, name, O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    }

    static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException("close cannot be called", e);
        }
    }

    private static int open(int parent, String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            MemorySegment cName = arena.allocateFrom(name);
            int descriptor;
            int error;
            do {
                descriptor = (int) OPENAT.invokeExact(state, parent, cName, flags);
                error = descriptor < 0 ? (int) ERRNO.get(state, 0L) : 0;
            } while (error == EINTR);
            return descriptor < 0 ? -error : descriptor;
        } catch (Throwable e) {
            throw new IllegalStateException("openat cannot be called", e);
        }
    }
}
