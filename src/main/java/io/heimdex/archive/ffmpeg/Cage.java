package io.heimdex.archive.ffmpeg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The limits of a tool that reads untrusted files.
 *
 * @param timeout the longest time of a run, by the wall clock
 * @param processorTime the longest time of a run that it may keep a processor busy
 * @param maxStdoutBytes what is read of its output at most
 * @param maxMemoryBytes its address space
 * @param sandbox what else it is kept from
 */
public record Cage(
        Duration timeout,
        Duration processorTime,
        int maxStdoutBytes,
        long maxMemoryBytes,
        Sandbox sandbox) {

    /**
     * The limit counts all threads of the user, this service's among them; so it can do no more
     * than to end a flood of processes. It does not hold for root.
     */
    private static final int MORE_PROCESSES = 1024;

    private static final Path LOAD = Path.of("/proc/loadavg");

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    /** One in which a run may keep a processor busy all the time. */
    public Cage(Duration timeout, int maxStdoutBytes, long maxMemoryBytes, Sandbox sandbox) {
        this(timeout, timeout, maxStdoutBytes, maxMemoryBytes, sandbox);
    }

    /**
     * What a command begins with to run in this cage, in a session of its own.
     *
     * @throws IOException if this machine lacks one of the programs that make it
     */
    List<String> commandPrefix() throws IOException {
        for (Path program : List.of(SETPRIV, PRLIMIT, SETSID)) {
            if (!Files.isExecutable(program)) {
                throw new IOException(program + " is missing: install util-linux");
            }
        }
        return Stream.of(
                        SETPRIV,
                        "--no-new-privs",
                        "--",
                        PRLIMIT,
                        "--as=" + maxMemoryBytes,
                        "--cpu=" + Math.max(1, processorTime.toSeconds()),
                        "--fsize=0",
                        "--nofile=64",
                        "--nproc=" + (processes() + MORE_PROCESSES),
                        "--core=0",
                        "--",
                        SETSID)
                .map(Object::toString)
                .toList();
    }

    /** All of the machine's, threads too: the second number of the fourth field. */
    private static int processes() throws IOException {
        String counts = Files.readString(LOAD);
        int slash = counts.indexOf('/');
        return Integer.parseInt(counts.substring(slash + 1, counts.indexOf(' ', slash)));
    }
}
