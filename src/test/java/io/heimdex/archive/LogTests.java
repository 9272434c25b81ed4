package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What clients send, in the log of the running service. */
@ServiceTest
@ExtendWith(OutputCaptureExtension.class)
class LogTests {

    private static final Logger log = LoggerFactory.getLogger(LogTests.class);

    private static final List<String> TALKATIVE =
            List.of(
                    "io.heimdex.archive",
                    "org.apache.coyote",
                    "org.apache.catalina",
                    "org.springframework.security",
                    "org.springframework.web");

    @Autowired TestApi api;
    @Autowired LoggingSystem logging;
    @Autowired TestDatabase database;

    @AfterEach
    void quiet() {
        TALKATIVE.forEach(name -> logging.setLogLevel(name, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nFORGED",
                "a\r\nFORGED",
                "a\rFORGED",
                "a\u2028FORGED",
                "a\u2029FORGED",
                "a\u0085FORGED",
                "a\u001b[1A\u001b[2KFORGED",
                "a\u001b]0;title\u0007FORGED",
                "a\u009b2JFORGED",
                "a\bFORGED"
            })
    void nobodyForgesALine(String text, CapturedOutput output) {
        // Other nodes of the same process have had their say about the root.
        logging.setLogLevel("io.heimdex.archive", LogLevel.WARN);
        log.warn(
                "upload {} failed",
                text,
                new IllegalStateException(text, new IOException(text, new IOException(text))));

        assertThat(output.getOut().replaceAll("\\R\tat ", "\n at ").lines())
                .noneMatch(line -> line.startsWith("FORGED"))
                .filteredOn(line -> line.contains("FORGED"))
                .hasSize(4)
                .noneMatch(line -> line.matches(".*[\\p{Cc}\\p{Cf}\\u2028\\u2029].*"));
        assertThat(output.getOut()).contains("Caused by: java.io.IOException: a\\");
    }

    /** Even of a service that tells all that it knows. */
    @Test
    void aRequestForgesNoLineAndLeavesNoToken(CapturedOutput output) throws IOException {
        TALKATIVE.forEach(name -> logging.setLogLevel(name, LogLevel.TRACE));
        Client client = api.as(TestApi.newOrg());
        Answer init =
                client.post(
                        "/v1/ingest/init",
                        Map.of("source_name", "a\u2028FORGED\u202e", "content_length", 3));
        client.put(init.text("/presigned/upload_url"), new byte[3]);
        client.get("/v1/assets/%0d%0aFORGED%1b%5b2J%E2%80%A8FORGED");
        client.get("/v1/jobs?cursor=%0aFORGED", "X-Request-Id", "a\tFORGED");
        api.raw()
                .exchange(
                        "GET /v1/jobs HTTP/1.1\nHost: localhost\nAuthorization: Bearer "
                                + client.token()
                                + "\nX-Escape: \u001b[2JFORGED\u0085FORGED",
                        "");
        api.withToken(client.token() + "x").get("/v1/jobs");

        assertThat(output.getOut())
                .contains("Received [GET /v1/jobs")
                .contains("FORGED")
                .doesNotContain("\u001b", "\u2028", "\u0085", "\u202e");
        assertThat(output.getOut().lines()).noneMatch(line -> line.strip().startsWith("FORGED"));
        String token = client.token();
        String signature = init.text("/presigned/upload_url").replaceFirst(".*signature=", "");
        assertThat(signature).hasSize(64);
        assertThat(output.getAll())
                .doesNotContain(token.substring(token.lastIndexOf('.')))
                .doesNotContain(token.substring(0, token.indexOf('.', 40)))
                .doesNotContain(signature);
    }

    /** However the answer is written: as a document of many rows, as bytes, or from a file. */
    @Test
    void whoLeavesInTheMiddleOfAnAnswerIsNoFault(CapturedOutput output) {
        String org = TestApi.newOrg();
        database.asOwner()
                .sql(
                        """
                        insert into asset (org_id, asset_id, source_uri, filename, size_bytes)
                        select :org, 'sha256:' || lpad(to_hex(n), 64, '0'), 'file:///' || n,
                               repeat('n', 250), n
                        from generate_series(1, 200) n
                        """)
                .param("org", org)
                .update();
        logging.setLogLevel("io.heimdex.archive", LogLevel.WARN);
        logging.setLogLevel("io.heimdex.archive.problem", LogLevel.DEBUG);

        assertQuiet("/v1/assets?limit=200", api.as(org).token(), output);
        assertQuiet("/openapi.json", "", output);
        assertQuiet("/console/lib/chart.js/4.5.1/dist/chart.umd.min.js", "", output);
    }

    private void assertQuiet(String path, String token, CapturedOutput output) {
        int before = output.getOut().length();
        String head = "GET " + path + " HTTP/1.1\nHost: localhost";
        Awaitility.await()
                .untilAsserted(() -> {
                    api.raw()
                            .begin(
                                    token.isEmpty()
                                            ? head
                                            : head + "\nAuthorization: Bearer " + token,
                                    0)
                            .reset();
                    assertThat(output.getOut().substring(before))
                            .as(path)
                            .containsAnyOf("the client went away", " ERROR ", " WARN ");
                });
        assertThat(output.getOut().substring(before)).as(path).doesNotContain(" ERROR ", " WARN ");
    }
}
