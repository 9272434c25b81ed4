package io.heimdex.archive.cli;

import io.heimdex.archive.cli.Server.AwayException;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Shows how far a job is until it has ended: in one line on a terminal, else every ten seconds. */
final class RunWatch {

    private static final Duration FIRST_LOOK = Duration.ofMillis(100);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration LINE_EVERY = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final InstantSource TIME = InstantSource.system();

    private final Server server;
    private final PrintWriter err;
    private final boolean terminal;
    private final InstantSource time;
    private final Consumer<Duration> pause;

    RunWatch(Server server, PrintWriter err) {
        this(server, err, onTerminal(), TIME, RunWatch::sleep);
    }

    RunWatch(
            Server server,
            PrintWriter err,
            boolean terminal,
            InstantSource time,
            Consumer<Duration> pause) {
        this.server = server;
        this.err = err;
        this.terminal = terminal;
        this.time = time;
        this.pause = pause;
    }

    /** Whether there is a console at all depends on the version and the settings of the JDK. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /**
     * Waits for the job's end; a server that is away meanwhile may come back.
     *
     * @return the job as it ended
     */
    JsonNode untilEnded(String job) {
        Duration untilNext = FIRST_LOOK;
        Instant nextLine = time.instant().plus(LINE_EVERY);
        Instant lastAnswer = time.instant();
        while (true) {
            JsonNode view = null;
            try {
                view = server.send("GET", "/v1/jobs/" + job, null);
                lastAnswer = time.instant();
            } catch (AwayException e) {
                if (lastAnswer.plus(PATIENCE).isBefore(time.instant())) {
                    throw new CliException(String.valueOf(e.getMessage()));
                }
            }
            boolean ended = view != null && ended(view);
            if (view != null && terminal) {
                err.print("\r\u001b[K" + line(view) + (ended ? System.lineSeparator() : ""));
                err.flush();
            } else if (view != null && !ended && !nextLine.isAfter(time.instant())) {
                err.println(line(view));
                err.flush();
                nextLine = nextLine.plus(LINE_EVERY);
            }
            if (view != null && ended) {
                return view;
            }
            pause.accept(untilNext);
            untilNext =
                    untilNext.compareTo(LOOK_EVERY) < 0 ? untilNext.multipliedBy(2) : LOOK_EVERY;
        }
    }

    private static boolean ended(JsonNode job) {
        return switch (job.path("status").asString()) {
            case "succeeded", "failed", "stopped" -> true;
            default -> false;
        };
    }

    /** The exit code of a job that has ended. */
    static int exitCode(JsonNode job) {
        if (!job.path("status").asString().equals("succeeded")) {
            return HeimdexCli.FAILED;
        }
        return job.at("/progress/failed").asLong() == 0 ? 0 : HeimdexCli.SOME_FAILED;
    }

    /** A job in one line. */
    static String line(JsonNode job) {
        JsonNode progress = job.path("progress");
        StringBuilder line =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "%s %s: %s, %d/%d done, %d failed",
                                job.path("type").asString(),
                                job.path("job_id").asString(),
                                job.path("status").asString(),
                                progress.path("done").asLong(),
                                progress.path("total").asLong(),
                                progress.path("failed").asLong()));
        if (progress.path("rate_per_s").isNumber()) {
            line.append(
                    String.format(Locale.ROOT, ", %.1f/s", progress.path("rate_per_s").asDouble()));
        }
        if (progress.path("eta").isString()) {
            Duration left =
                    Duration.between(
                            TIME.instant(), Instant.parse(progress.path("eta").asString()));
            line.append(", ").append(Math.max(0, left.toSeconds())).append(" s left");
        }
        long workers = progress.path("workers").asLong();
        if (workers > 0) {
            line.append(", ").append(workers).append(workers == 1 ? " worker" : " workers");
        }
        if (job.path("error").isObject()) {
            line.append(", ")
                    .append(job.at("/error/code").asString())
                    .append(": ")
                    .append(job.at("/error/message").asString());
        }
        return line.toString();
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted; the job goes on");
        }
    }
}
