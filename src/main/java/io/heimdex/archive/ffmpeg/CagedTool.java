package io.heimdex.archive.ffmpeg;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs a tool on untrusted input: with nothing in its environment but what is given, one file as
 * its standard input, limits on time, memory and output, and nothing of it left afterwards. Each
 * run is a process of its own; the {@link Keeper} that starts them is used again.
 */
public final class CagedTool implements AutoCloseable {

    private static final int CANNOT_EXECUTE = 126;
    private static final int CANNOT_BE_FOUND = 127;
    private static final Path NOTHING = Path.of("/dev/null");

    /** What a keeper itself uses of its processor time must stay far below the limit. */
    private static final int RUNS_OF_A_KEEPER = 1000;

    private final Cage cage;
    private final Input input;
    private final List<String> command;
    private final Map<String, String> environment;

    /** By whether they have the network. */
    private final Map<Boolean, Deque<Keeper>> idle =
            Map.of(true, new ConcurrentLinkedDeque<>(), false, new ConcurrentLinkedDeque<>());

    private final ScheduledExecutorService watchdog =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("probe-watchdog").factory());
    private volatile boolean closed;

    /** A tool that reads its standard input. */
    public CagedTool(Cage cage, List<String> command, Map<String, String> environment) {
        this(cage, Input.STANDARD, command, environment);
    }

    public CagedTool(
            Cage cage, Input input, List<String> command, Map<String, String> environment) {
        this.cage = cage;
        this.input = input;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
    }

    /** How the tool is given what it is to read. */
    public enum Input {
        /** A file, as its standard input. */
        STANDARD,
        /** A URL, as its last argument. */
        ARGUMENT,
        /**
         * A file, as its standard input and as each of the {@link #COPIES}, each with a position of
         * its own, or nothing there; more arguments come with it. Neither has spaces in it.
         */
        SEVERAL_DESCRIPTORS;

        /** Descriptors besides the standard input. */
        public static final List<Integer> COPIES = List.of(4, 5, 6, 7, 8, 9);

        /** Of an order at most, or 0: the last one may have spaces in it. */
        String words() {
            return this == SEVERAL_DESCRIPTORS ? "0" : "4";
        }

        /** Of the file among the arguments, or -1 if none of them is one. */
        String place() {
            return this == ARGUMENT ? "-1" : "0";
        }

        String copies() {
            return Integer.toString(this == SEVERAL_DESCRIPTORS ? COPIES.size() : 0);
        }
    }

    /**
     * What a run left behind.
     *
     * @param exitCode 128 + signal if a signal ended it
     */
    public record Result(
            int exitCode, ByteBuffer output, boolean stdoutCut, String stderr, boolean timedOut) {

        /** Whether there was nothing to run: the loader or the shell says so. */
        public boolean notStarted() {
            return exitCode == CANNOT_EXECUTE || exitCode == CANNOT_BE_FOUND;
        }

        /** The output as text. */
        public String stdout() {
            return StandardCharsets.UTF_8.decode(output.duplicate()).toString();
        }
    }

    /**
     * Runs the tool to its end.
     *
     * @param stdin the file on its standard input, or {@code null} for nothing
     * @throws IOException if the process cannot be started or its output not be read
     */
    public Result run(@Nullable Path stdin) throws IOException {
        return run((stdin == null ? NOTHING : stdin).toString(), cage.timeout());
    }

    /** Runs the tool to its end, or to the given time if that is shorter than the usual one. */
    public Result run(String source, Duration timeout) throws IOException {
        return run(source, input == Input.ARGUMENT, timeout);
    }

    private Result run(String order, boolean network, Duration timeout) throws IOException {
        Keeper keeper = idleOrNew(network);
        AtomicBoolean over = new AtomicBoolean();
        boolean reusable = false;
        try {
            ScheduledFuture<?> deadline = killLater(keeper, timeout, over);
            Keeper.Run run = keeper.run(order, cage.maxStdoutBytes());
            deadline.cancel(false);
            boolean timedOut = !over.compareAndSet(false, true);
            reusable = !timedOut && !run.cut();
            return new Result(run.exitCode(), run.output(), run.cut(), run.messages(), timedOut);
        } catch (RejectedExecutionException e) {
            throw new IOException("the service is shutting down", e);
        } finally {
            over.set(true);
            giveBack(keeper, network, reusable);
        }
    }

    /** Runs a tool that takes several descriptors of the file, with these arguments. */
    public Result run(Path file, List<String> arguments, Duration timeout) throws IOException {
        return run(order(file, arguments), false, timeout);
    }

    /** Runs a tool that takes several descriptors on the URL that the arguments name instead. */
    public Result runOnUrl(List<String> arguments, Duration timeout) throws IOException {
        return run(order(NOTHING, arguments), true, timeout);
    }

    private static String order(Path file, List<String> arguments) throws IOException {
        List<String> order = new ArrayList<>(arguments);
        order.addFirst(file.toString());
        if (order.stream()
                .anyMatch(
                        word -> word.isEmpty() || word.chars().anyMatch(Character::isWhitespace))) {
            throw new IOException("a space in an argument of a tool");
        }
        return String.join(" ", order);
    }

    private Keeper idleOrNew(boolean network) throws IOException {
        Deque<Keeper> those = those(network);
        for (Keeper keeper = those.pollFirst(); keeper != null; keeper = those.pollFirst()) {
            if (keeper.isAlive()) {
                return keeper;
            }
        }
        return new Keeper(cage, input, network, command, environment);
    }

    private Deque<Keeper> those(boolean network) {
        return Objects.requireNonNull(idle.get(network));
    }

    private void giveBack(Keeper keeper, boolean network, boolean reusable) {
        if (!reusable || keeper.runs() >= RUNS_OF_A_KEEPER) {
            keeper.kill();
            return;
        }
        those(network).addFirst(keeper);
        if (closed) {
            killIdle();
        }
    }

    private ScheduledFuture<?> killLater(Keeper keeper, Duration timeout, AtomicBoolean over) {
        return watchdog.schedule(
                () -> {
                    if (over.compareAndSet(false, true)) {
                        keeper.kill();
                    }
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** What still runs goes on to its end or its time-out. */
    @Override
    public void close() {
        closed = true;
        watchdog.shutdown();
        killIdle();
    }

    private void killIdle() {
        for (Deque<Keeper> those : idle.values()) {
            for (Keeper keeper = those.pollFirst(); keeper != null; keeper = those.pollFirst()) {
                keeper.kill();
            }
        }
    }
}
