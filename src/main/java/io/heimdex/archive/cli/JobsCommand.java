package io.heimdex.archive.cli;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        description = "What has become of jobs, and what to do about it.",
        subcommands = {
            JobsCommand.List.class,
            JobsCommand.Show.class,
            JobsCommand.Failures.class,
            JobsCommand.Restart.class,
            JobsCommand.Stop.class,
            JobsCommand.Abandon.class
        })
@SuppressWarnings("NullAway.Init")
final class JobsCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name what to do with jobs.");
    }

    /** A question about one job. */
    @SuppressWarnings("NullAway.Init")
    abstract static class AboutOne extends Question {

        @Parameters(index = "0", paramLabel = "JOB", description = "The job's id.")
        String job;

        String path(String what) {
            return "/v1/jobs/" + encoded(job) + what;
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "The newest jobs.")
    static final class List extends Question {

        @Option(names = "--status", paramLabel = "STATUS", description = "Only these.")
        private @Nullable String status;

        @Option(names = "--type", paramLabel = "TYPE", description = "Only these.")
        private @Nullable String type;

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "20",
                description = "How many; ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        int answer(Server server, PrintWriter out) {
            JsonNode page =
                    server.get(
                            "/v1/jobs?limit="
                                    + limit
                                    + (status == null ? "" : "&status=" + encoded(status))
                                    + (type == null ? "" : "&type=" + encoded(type)));
            printItems(
                    out,
                    page,
                    row ->
                            "%s  %-9s %-9s %d/%d done, %d failed  %s"
                                    .formatted(
                                            row.path("job_id").asString(),
                                            row.path("type").asString(),
                                            row.path("status").asString(),
                                            row.path("done").asLong(),
                                            row.path("total").asLong(),
                                            row.path("failed").asLong(),
                                            row.path("requested_at").asString()));
            return 0;
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "One job; its exit code is the job's.")
    static final class Show extends AboutOne {

        @Option(names = "--wait", description = "Stays with the job until it has ended.")
        private boolean wait;

        @Override
        int answer(Server server, PrintWriter out) {
            JsonNode view =
                    wait
                            ? new RunWatch(server, spec.commandLine().getErr()).untilEnded(job)
                            : server.get(path(""));
            print(out, view, RunWatch.line(view));
            return switch (view.path("status").asString()) {
                case "queued", "running" -> 0;
                default -> RunWatch.exitCode(view);
            };
        }
    }

    @Command(
            name = "failures",
            mixinStandardHelpOptions = true,
            description = "The failed assets of a job.")
    static final class Failures extends AboutOne {

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                description = "How many; ${DEFAULT-VALUE}.")
        private int limit;

        @Override
        int answer(Server server, PrintWriter out) {
            printItems(
                    out,
                    server.get(path("/failures?limit=" + limit)),
                    item ->
                            "%s %s %s"
                                    .formatted(
                                            item.path("code").asString(),
                                            item.path("source_uri")
                                                    .asString(item.path("asset_id").asString("")),
                                            item.path("message").asString()));
            return 0;
        }
    }

    @Command(
            name = "restart",
            mixinStandardHelpOptions = true,
            description = "Does again what failed, or what was left undone.")
    static final class Restart extends AboutOne {

        @Option(
                names = "--unfinished",
                description = "Only what has no outcome yet; the failed stay as they are.")
        private boolean unfinished;

        @Option(
                names = "--code",
                paramLabel = "CODE",
                description = "Of the failed only those with this code; may be repeated.")
        private java.util.List<String> codes = java.util.List.of();

        @Option(names = "--dry-run", description = "Only tells how many assets it would take.")
        private boolean dryRun;

        @Option(names = "--wait", description = "Stays with the job until it has ended.")
        private boolean wait;

        @Override
        int answer(Server server, PrintWriter out) {
            Map<String, Object> request = new HashMap<>();
            request.put("only", unfinished ? "unfinished" : "failed_items");
            if (!codes.isEmpty()) {
                request.put("failure_codes", codes);
            }
            if (dryRun) {
                request.put("dry_run", true);
            }
            JsonNode answer = server.post(path("/restart"), request);
            if (dryRun) {
                print(out, answer, answer.path("count").asLong() + " assets");
                return 0;
            }
            if (!wait) {
                print(out, answer, "restarted " + job);
                return 0;
            }
            JsonNode ended = new RunWatch(server, spec.commandLine().getErr()).untilEnded(job);
            print(out, ended, RunWatch.line(ended));
            return RunWatch.exitCode(ended);
        }
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = "Stops a job after the chunks in hand.")
    static final class Stop extends AboutOne {

        @Override
        int answer(Server server, PrintWriter out) {
            print(out, server.post(path("/stop"), Map.of()), "asked " + job + " to stop");
            return 0;
        }
    }

    @Command(
            name = "abandon",
            mixinStandardHelpOptions = true,
            description = "Keeps a job that has ended from ever being restarted.")
    static final class Abandon extends AboutOne {

        @Override
        int answer(Server server, PrintWriter out) {
            print(out, server.post(path("/abandon"), Map.of()), "abandoned " + job);
            return 0;
        }
    }
}
