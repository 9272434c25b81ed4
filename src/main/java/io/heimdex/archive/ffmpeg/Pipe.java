package io.heimdex.archive.ffmpeg;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A pipe out of one run of a tool, which no other run ever holds. Java's own pipes do not tell
 * their descriptors, by which another process of this user can open them; and who reads one of
 * those waits for as long as anybody holds its other end.
 */
@SuppressWarnings("restricted")
final class Pipe implements AutoCloseable {

    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int CLOSED = -1;
    private static final MemorySegment SOMETHING = Arena.global().allocateFrom("");

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle PIPE2 =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("pipe2"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle WRITE =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("write"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG));
    private static final MethodHandle CLOSE =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("close"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private final FileInputStream reading;
    private int writing;
    private boolean woken;

    private Pipe(FileInputStream reading, int writing) {
        this.reading = reading;
        this.writing = writing;
    }

    static Pipe open() throws IOException {
        int read;
        int write;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            // Only these two do not block: other processes, and the stream, open the pipe anew.
            if ((int) call(() -> (int) PIPE2.invokeExact(ends, O_CLOEXEC | O_NONBLOCK)) != 0) {
                throw new IOException("the system has no descriptors left");
            }
            read = ends.getAtIndex(ValueLayout.JAVA_INT, 0);
            write = ends.getAtIndex(ValueLayout.JAVA_INT, 1);
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

    /** The descriptor by which other processes open it, to write. */
    synchronized int writing() {
        return writing;
    }

    /**
     * Reads what there is, waiting for something.
     *
     * @return how many bytes, or -1 at the end
     */
    int read(byte[] into, int from) throws IOException {
        if (isOver()) {
            return -1;
        }
        int count = reading.read(into, from, into.length - from);
        synchronized (this) {
            if (woken && isOver()) {
                woken = false;
                count--;
            }
        }
        return count > 0 ? count : -1;
    }

    private synchronized boolean isOver() throws IOException {
        return writing == CLOSED && reading.available() == 0;
    }

    /** What has been written is all that will be read, whoever else still holds the pipe. */
    synchronized void end() {
        if (writing != CLOSED) {
            // Who waits gets a byte; if there is no room for it, nobody waits.
            woken = (long) call(() -> (long) WRITE.invokeExact(writing, SOMETHING, 1L)) == 1;
            close(writing);
            writing = CLOSED;
        }
    }

    @Override
    public void close() throws IOException {
        end();
        reading.close();
    }

    private static void close(int descriptor) {
        call(() -> (int) CLOSE.invokeExact(descriptor));
    }

    private interface Call<T> {
        T make() throws Throwable;
    }

    private static <T> T call(Call<T> call) {
        try {
            return call.make();
        } catch (Throwable e) {
            throw new IllegalStateException("the system cannot be called", e);
        }
    }
}
