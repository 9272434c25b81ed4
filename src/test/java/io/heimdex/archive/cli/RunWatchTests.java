package io.heimdex.archive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RunWatchTests {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void aLineTellsHowFarHowFastAndOnHowManyWorkers() {
        assertThat(
                        line(
                                """
                                {"type": "scan", "job_id": "j", "status": "running", "error": null,
                                 "progress": {"total": 10, "done": 3, "failed": 1, "rate_per_s": 2.5,
                                              "eta": null, "workers": 2}}
                                """))
                .isEqualTo("scan j: running, 3/10 done, 1 failed, 2.5/s, 2 workers");
    }

    @Test
    void aLineTellsHowLongItTakes() {
        assertThat(
                        line(
                                """
                                {"type": "scan", "job_id": "j", "status": "running", "error": null,
                                 "progress": {"total": 10, "done": 3, "failed": 0, "rate_per_s": 2.5,
                                              "eta": "%s", "workers": 1}}
                                """
                                        .formatted(Instant.now().plusSeconds(3_600))))
                .matches(
                        "scan j: running, 3/10 done, 0 failed, 2.5/s, 3[56]\\d\\d s left, 1 worker");
    }

    @Test
    void aLineTellsWhyAJobFailed() {
        assertThat(
                        line(
                                """
                                {"type": "scan", "job_id": "j", "status": "failed",
                                 "error": {"code": "archive_empty", "message": "No file."},
                                 "progress": {"total": 0, "done": 0, "failed": 0, "workers": 0}}
                                """))
                .isEqualTo("scan j: failed, 0/0 done, 0 failed, archive_empty: No file.");
    }

    @Test
    void onATerminalOneLineChangesUntilTheEnd() throws IOException {
        String said = watched(true, "running", "running", "succeeded");

        assertThat(said)
                .isEqualTo(
                        "\r\u001b[Kscan j: running, 0/3 done, 0 failed"
                                + "\r\u001b[Kscan j: running, 1/3 done, 0 failed"
                                + "\r\u001b[Kscan j: succeeded, 2/3 done, 0 failed"
                                + System.lineSeparator());
    }

    /** Looks come once a second after the first few. */
    @Test
    void withoutATerminalThereIsALineEveryTenSeconds() throws IOException {
        String[] states = new String[30];
        Arrays.fill(states, "running");
        states[29] = "succeeded";

        String said = watched(false, states);

        assertThat(said.lines())
                .containsExactly(
                        "scan j: running, 12/3 done, 0 failed",
                        "scan j: running, 22/3 done, 0 failed");
    }

    /** What is shown of a job that is found in these states, look by look. */
    private static String watched(boolean terminal, String... states) throws IOException {
        AtomicInteger looks = new AtomicInteger();
        HttpServer http =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext(
                "/v1/jobs/j",
                exchange -> {
                    int look = looks.getAndIncrement();
                    byte[] job =
                            """
                            {"type": "scan", "job_id": "j", "status": "%s",
                             "progress": {"total": 3, "done": %d, "failed": 0, "workers": 0}}
                            """
                                    .formatted(states[look], look)
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, job.length);
                    try (exchange) {
                        exchange.getResponseBody().write(job);
                    }
                });
        http.start();
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        StringWriter said = new StringWriter();
        String url = "http://localhost:" + http.getAddress().getPort();
        try (Server server = new Server(url, "any", () -> {})) {
            new RunWatch(
                            server,
                            new PrintWriter(said),
                            terminal,
                            now::get,
                            pause -> now.updateAndGet(time -> time.plus(pause)))
                    .untilEnded("j");
        } finally {
            http.stop(0);
        }
        return said.toString();
    }

    private static String line(String job) {
        return RunWatch.line(JSON.readTree(job));
    }
}
