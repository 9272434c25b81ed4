package io.heimdex.archive.ffmpeg;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A pipe out of one run of a tool, which no other run ever holds. Java's own pipes do not tell
 * their descriptors, by which another process of this user can open them.
 */
@SuppressWarnings("restricted")
final class Pipe implements AutoCloseable {

    private static final int O_CLOEXEC = 0x80000;
    private static final int CLOSED = -1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle PIPE2 =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("pipe2"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("close"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final InputStream reading;
    private int writing;

    private Pipe(InputStream reading, int writing) {
        this.reading = reading;
        this.writing = writing;
    }

    static Pipe open() throws IOException {
        int read;
        int write;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            if ((int) PIPE2.invokeExact(ends, O_CLOEXEC) != 0) {
                throw new IOException("the system has no pipe left");
            }
            read = ends.getAtIndex(ValueLayout.JAVA_INT, 0);
            write = ends.getAtIndex(ValueLayout.JAVA_INT, 1);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the system cannot be called", e);
        }
        try {
            return new Pipe(new FileInputStream("/proc/self/fd/" + read), write);
        } catch (IOException e) {
            close(write);
            throw e;
        } finally {
            close(read);
        }
    }

    /** The end to be written to, by which other processes open it. */
    int writing() {
        return writing;
    }

    InputStream reading() {
        return reading;
    }

    /** From now on, it ends when the processes that opened it have closed it. */
    void handOver() {
        if (writing != CLOSED) {
            close(writing);
            writing = CLOSED;
        }
    }

    @Override
    public void close() throws IOException {
        handOver();
        reading.close();
    }

    private static void close(int descriptor) {
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException("the system cannot be called", e);
        }
    }
}
