package io.heimdex.archive.hostile;

import java.nio.file.Path;
import java.time.Duration;

/** Looks every few milliseconds how much memory the processes of a program have had. */
public final class PeakMemory implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(15);

    private final Path program;
    private final Thread watcher;
    private volatile long kilobytes;

    private PeakMemory(Path program) {
        this.program = program;
        this.watcher = Thread.ofPlatform().daemon().name("peak-memory").unstarted(this::watch);
    }

    public static PeakMemory of(Path program) {
        PeakMemory memory = new PeakMemory(program);
        memory.watcher.start();
        return memory;
    }

    /** Of the largest of them. */
    public long megabytes() {
        return kilobytes >> 10;
    }

    private void watch() {
        try {
            while (true) {
                for (String process : Processes.of(program)) {
                    kilobytes = Math.max(kilobytes, Processes.peakKilobytes(process));
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException _) {
            // The end.
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
