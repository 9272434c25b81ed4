package io.heimdex.archive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.HeimdexApplication;
import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestDatabase;
import io.heimdex.archive.TestProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A command that works on the database itself, in a process of its own as it is meant to be. */
@ServiceTest
class InProcessTests {

    @TempDir Path folder;
    @Autowired TestDatabase databases;
    @Autowired TestApi api;

    @Test
    void aScanNeedsNoServer() throws Exception {
        String org = "in-process";
        Path archive = Files.createDirectory(folder.resolve("archive"));
        Files.copy(TestApi.sample("tone-mono-8khz.wav"), archive.resolve("tone.wav"));

        Path out = folder.resolve("out");
        ProcessBuilder command =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-cp",
                                        TestProcess.classPath(),
                                        HeimdexApplication.class.getName(),
                                        "scan",
                                        "--in-process",
                                        "--json",
                                        "--org",
                                        org))
                        .redirectError(folder.resolve("err").toFile())
                        .redirectOutput(out.toFile());
        command.environment()
                .putAll(
                        Map.of(
                                "HEIMDEX_DATABASE_URL",
                                databases.url(),
                                "HEIMDEX_MIGRATION_DATABASE_URL",
                                databases.migrationUrl(),
                                "HEIMDEX_DATA_DIR",
                                "target/test-data",
                                "SPRING_APPLICATION_JSON",
                                "{\"heimdex.archives.in-process\":\"%s\"}".formatted(archive)));
        Process process = command.start();
        int code = process.waitFor();
        assertThat(code).as(Files.readString(folder.resolve("err"))).isZero();

        JsonNode job = new JsonMapper().readTree(out);
        assertThat(job.path("status").asString()).isEqualTo("succeeded");
        assertThat(
                        api.as(org)
                                .get("/v1/jobs/" + job.path("job_id").asString())
                                .json()
                                .at("/progress/done")
                                .asInt())
                .isEqualTo(1);
    }

    @Test
    void withoutAnOrgThereIsNothingToWorkOn() throws IOException {
        StringWriter err = new StringWriter();
        int code =
                HeimdexCli.run(
                        HeimdexApplication.class,
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(err),
                        "scan",
                        "--in-process");
        assertThat(err.toString()).contains("--in-process needs --org");
        assertThat(code).isEqualTo(2);
    }
}
