package io.heimdex.archive.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worker's process. */
final class Worker {

    private final String name;
    private final Path folder;
    private final Process process;
    private boolean paused;

    Worker(String name, Path folder, Process process) {
        this.name = name;
        this.folder = folder;
        this.process = process;
    }

    static Path notes(Path folder, String worker) {
        return folder.resolve(worker + ".probes");
    }

    static Path readyMark(Path folder, String worker) {
        return folder.resolve(worker + ".ready");
    }

    String name() {
        return name;
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Whether it works: started to the end, and neither ended nor paused. */
    boolean working() {
        return alive() && !paused && Files.exists(readyMark(folder, name));
    }

    boolean paused() {
        return paused;
    }

    /** The files that it began to probe, oldest first. */
    List<String> probed() {
        try {
            Path notes = notes(folder, name);
            return Files.exists(notes) ? Files.readAllLines(notes) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() {
        process.destroyForcibly();
        end(60);
    }

    void terminate() {
        process.destroy();
    }

    /** Whether it ended within that many seconds. */
    boolean end(long seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns when every thread of it stands. */
    void pause() {
        signal("STOP");
        paused = true;
        Until.within(10, () -> state() == 'T');
    }

    void wake() {
        signal("CONT");
        paused = false;
    }

    private char state() {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return 'X';
        }
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
