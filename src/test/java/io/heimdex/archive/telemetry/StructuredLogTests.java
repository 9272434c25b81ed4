package io.heimdex.archive.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestProcess;
import io.heimdex.archive.tenancy.OrgId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a machine finds in the log. The log is a process's own, so each has one. */
class StructuredLogTests {

    @Test
    void outsideOfTheLocalProfileEveryLineIsADocumentThatSaysWhatItIsAbout() throws Exception {
        List<JsonNode> lines =
                log("production").stream().map(line -> new JsonMapper().readTree(line)).toList();

        assertThat(lines).allSatisfy(line -> assertThat(line.has("@timestamp")).isTrue());
        JsonNode about = lines.get(lines.size() - 3);
        assertThat(about.path("message").asString()).isEqualTo("two\nlines");
        assertThat(about.path("org").asString()).isEqualTo("acme");
        assertThat(about.path("job").asString()).isEqualTo("job-1");
        assertThat(about.path("asset").asString()).isEqualTo("sha256:1");
        assertThat(about.at("/log/level").asString()).isEqualTo("WARN");
        assertThat(about.at("/service/name").asString()).isEqualTo("heimdex-archive");
        assertThat(about.at("/service/environment").asString()).isEqualTo("production");
        assertThat(about.at("/error/stack_trace").asString()).contains("why");
        assertThat(lines.getLast().propertyNames()).doesNotContain("org", "job", "asset");

        JsonNode secrets = lines.get(lines.size() - 2);
        assertThat(secrets.path("message").asString())
                .isEqualTo("Authorization: Bearer (secret)\r\n");
        assertThat(secrets.path("query").asString()).isEqualTo("expires=2&signature=(secret)");
        assertThat(secrets.at("/error/stack_trace").asString())
                .contains("IllegalStateException: (secret)", "IOException: Bearer (secret)");
        assertThat(lines.toString()).doesNotContain(LogSample.TOKEN, "00ff11", "opaque");
    }

    @Test
    void inTheLocalProfileLinesAreForPeople() throws Exception {
        assertThat(log("local"))
                .anyMatch(line -> line.contains("WARN") && line.endsWith(": about nothing"))
                .noneMatch(line -> line.startsWith("{"));
    }

    @Test
    void whatAThreadIsAboutIsAsBeforeWhenAPartOfItEnds() {
        try (LogContext _ = LogContext.job(new OrgId("outer"), "job-1")) {
            try (LogContext _ = LogContext.org(new OrgId("inner"))) {
                assertThat(MDC.get("org")).isEqualTo("inner");
            }
            assertThat(MDC.get("org")).isEqualTo("outer");
        }
        assertThat(MDC.get("org")).isNull();
        assertThat(MDC.get("job")).isNull();
    }

    private static List<String> log(String environment) throws IOException, InterruptedException {
        ProcessBuilder command =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                TestProcess.classPath(),
                                LogSample.class.getName())
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        command.environment().put("HEIMDEX_ENVIRONMENT", environment);
        Process process = command.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return out.lines().filter(line -> !line.isBlank()).toList();
    }
}
