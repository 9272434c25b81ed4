package io.heimdex.archive.cli;

import java.io.PrintWriter;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Asks for a run and stays with it. */
final class RunRequests {

    private RunRequests() {}

    /** Returns the exit code. */
    static int run(
            ServerOptions options,
            Map<String, Object> request,
            boolean wait,
            PrintWriter out,
            PrintWriter err) {
        try (Server server = options.open()) {
            JsonNode answer = server.post("/v1/jobs", request);
            if (answer.has("count")) {
                out.println(options.json() ? answer : answer.path("count").asLong() + " assets");
                return 0;
            }
            String job = answer.path("job_id").asString();
            if (answer.path("skipped").asBoolean(false)) {
                err.println("an earlier run goes on: " + job);
            }
            if (!wait) {
                out.println(options.json() ? answer : job);
                return 0;
            }
            JsonNode ended = new RunWatch(server, err).untilEnded(job);
            out.println(options.json() ? ended : RunWatch.line(ended));
            return RunWatch.exitCode(ended);
        }
    }
}
