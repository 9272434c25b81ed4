package io.heimdex.archive.probe.ffprobe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a tool on untrusted input: with nothing in its environment but what is given, one file as
 * its standard input, limits on time, memory and output, and nothing of it left afterwards.
 */
final class CagedProcess implements AutoCloseable {

    private static final int MAX_STDERR_BYTES = 64 * 1024;
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    private final Duration timeout;
    private final long maxStdoutBytes;
    private final List<String> cage;

    /**
     * The tool dies with the thread that started it, so that none outlives a killed service: these
     * threads live as long as the service.
     */
    private final ExecutorService starters =
            Executors.newFixedThreadPool(
                    Runtime.getRuntime().availableProcessors(),
                    Thread.ofPlatform().daemon().name("probe-starter-", 0).factory());

    private final ScheduledExecutorService watchdog =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("probe-watchdog").factory());

    CagedProcess(Duration timeout, long maxStdoutBytes, long maxMemoryBytes) {
        this.timeout = timeout;
        this.maxStdoutBytes = maxStdoutBytes;
        this.cage = cage(maxMemoryBytes, timeout);
    }

    /** What a run left behind. Signals end a run with exit code 128 + signal. */
    record Result(
            int exitCode, String stdout, boolean stdoutCut, String stderr, boolean timedOut) {}

    /**
     * Runs the command to its end.
     *
     * @param stdin the file on its standard input, or {@code null} for nothing
     * @throws IOException if the process cannot be started or its output not be read
     */
    Result run(List<String> command, Map<String, String> environment, @Nullable Path stdin)
            throws IOException {
        return run(command, environment, stdin, timeout);
    }

    /** Runs the command to its end, or to the given time if that is shorter than the usual one. */
    Result run(
            List<String> command,
            Map<String, String> environment,
            @Nullable Path stdin,
            Duration timeout)
            throws IOException {
        List<String> caged = new ArrayList<>(cage);
        caged.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(caged).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectInput((stdin == null ? Path.of("/dev/null") : stdin).toFile());
        Process process = start(builder);
        AtomicBoolean timedOut = new AtomicBoolean();
        ScheduledFuture<?> deadline = killLater(process, timeout, timedOut);
        try {
            FutureTask<Capture> errors =
                    new FutureTask<>(
                            () -> capture(process.getErrorStream(), MAX_STDERR_BYTES, () -> {}));
            Thread.ofVirtual().name("probe-stderr").start(errors);
            Capture output = capture(process.getInputStream(), maxStdoutBytes, () -> kill(process));
            int exitCode = process.waitFor();
            return new Result(
                    exitCode, output.text(), output.cut(), errors.get().text(), timedOut.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the tool ran", e);
        } catch (ExecutionException e) {
            throw new IOException("the tool's messages cannot be read", e);
        } finally {
            deadline.cancel(false);
            if (process.isAlive()) {
                kill(process);
            }
        }
    }

    private Process start(ProcessBuilder builder) throws IOException {
        CompletableFuture<Process> starting = new CompletableFuture<>();
        try {
            starters.execute(() -> start(builder, starting));
            return starting.get();
        } catch (InterruptedException e) {
            CompletableFuture<Void> _ = starting.thenAccept(CagedProcess::kill);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the tool was started", e);
        } catch (ExecutionException e) {
            throw new IOException("the tool cannot be started", e);
        } catch (RejectedExecutionException e) {
            throw new IOException("the service is shutting down", e);
        }
    }

    private static void start(ProcessBuilder builder, CompletableFuture<Process> starting) {
        try {
            starting.complete(builder.start());
        } catch (IOException e) {
            starting.completeExceptionally(e);
        }
    }

    private ScheduledFuture<?> killLater(Process process, Duration timeout, AtomicBoolean timedOut)
            throws IOException {
        try {
            return watchdog.schedule(
                    () -> {
                        timedOut.set(true);
                        kill(process);
                    },
                    timeout.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            kill(process);
            throw new IOException("the service is shutting down", e);
        }
    }

    @Override
    public void close() {
        starters.shutdownNow();
        watchdog.shutdownNow();
    }

    private record Capture(String text, boolean cut) {}

    /**
     * Reads up to the limit, then calls {@code onLimit} once and drops the rest, so that the tool
     * never waits for us.
     */
    private static Capture capture(InputStream in, long limit, Runnable onLimit)
            throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        boolean cut = false;
        try (in) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                int room = (int) Math.min(n, limit - kept.size());
                kept.write(buffer, 0, room);
                if (room < n && !cut) {
                    cut = true;
                    onLimit.run();
                }
            }
        }
        return new Capture(kept.toString(StandardCharsets.UTF_8), cut);
    }

    /**
     * Ends the process and what it started. Parents first, so that none starts another child when
     * one of its own ends; by their handles, because {@link Process#destroyForcibly} also closes
     * the streams that we still read.
     */
    private static void kill(Process process) {
        List<ProcessHandle> tree =
                Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        tree.forEach(ProcessHandle::destroyForcibly);
    }

    private static List<String> cage(long maxMemoryBytes, Duration timeout) {
        List<String> cage = new ArrayList<>();
        if (Files.isExecutable(SETPRIV)) {
            cage.addAll(List.of(SETPRIV.toString(), "--no-new-privs", "--pdeathsig=KILL", "--"));
        }
        if (Files.isExecutable(PRLIMIT)) {
            cage.addAll(
                    List.of(
                            PRLIMIT.toString(),
                            "--as=" + maxMemoryBytes,
                            "--cpu=" + Math.max(1, timeout.toSeconds()),
                            "--fsize=0",
                            "--nofile=64",
                            "--core=0",
                            "--"));
        }
        return List.copyOf(cage);
    }
}
