package io.heimdex.archive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.HeimdexApplication;
import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.TestProcess;
import io.heimdex.archive.TestWorker;
import io.heimdex.archive.sidecar.SidecarSchema;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands, against the running service. */
@ServiceTest
class CommandLineTests {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path folder;
    @Autowired TestApi api;
    @Autowired TestWorker worker;

    private final String org = TestApi.newOrg();

    @AfterEach
    void thisNodeWorksAgain() {
        worker.resume();
    }

    @Test
    void aReprobeIsWaitedForAndItsExitCodeTellsHowItWent() throws IOException {
        Client client = api.as(org);
        client.asset("tone.wav", Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav")));

        Ended good = heimdex("reprobe", "--config", "reprobe-missing");
        assertThat(good.code()).as(good.err()).isZero();
        assertThat(good.out()).contains("succeeded, 1/1 done, 0 failed");

        client.asset("noise.wav", "no media".getBytes(StandardCharsets.UTF_8));
        Ended some = heimdex("reprobe", "--which", "missing", "--json");
        assertThat(some.code()).isEqualTo(3);
        JsonNode job = JSON.readTree(some.out());
        assertThat(job.at("/progress/failed").asInt()).isEqualTo(1);

        String id = job.path("job_id").asString();
        Ended failures = heimdex("jobs", "failures", id);
        assertThat(failures.out()).startsWith("invalid_media ").contains("noise.wav");
        assertThat(heimdex("jobs", "show", id).code()).isEqualTo(3);
        assertThat(heimdex("jobs", "restart", id, "--dry-run").out())
                .isEqualToIgnoringNewLines("1 assets");
        String[] bad = {"jobs", "restart", id, "--code", "invalid_media", "--dry-run", "--json"};
        assertThat(JSON.readTree(heimdex(bad).out()).path("count").asInt()).isEqualTo(1);
        Ended none = heimdex("jobs", "restart", id, "--code", "empty_file", "--wait");
        assertThat(none.err()).contains("job_not_restartable: ");
        assertThat(none.code()).isEqualTo(1);
        Ended restarted = heimdex("jobs", "restart", id, "--code", "invalid_media", "--wait");
        assertThat(restarted.out()).contains("1 failed");
        assertThat(restarted.code()).isEqualTo(3);
        assertThat(heimdex("jobs", "list", "--type", "reprobe").out().lines()).hasSize(2);
    }

    @Test
    void aDryRunTellsHowManyAndRunsNothing() throws IOException {
        api.as(org).asset("tone.wav", Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav")));

        Ended dry = heimdex("reprobe", "--which", "MISSING", "--dry-run");

        assertThat(dry.out()).isEqualToIgnoringNewLines("1 assets");
        assertThat(dry.code()).isZero();
        assertThat(api.as(org).get("/v1/jobs").json().path("items")).isEmpty();
    }

    @Test
    void aWaitingJobIsListedAndStopped() {
        worker.pause();
        String id = heimdex("reprobe", "--config", "reprobe-all", "--no-wait").out().strip();

        assertThat(heimdex("jobs", "list", "--status", "queued").out()).contains(id);
        assertThat(heimdex("jobs", "stop", id).code()).isZero();
        worker.resume();
        Ended stopped = heimdex("jobs", "show", id, "--wait");
        assertThat(stopped.out()).contains("stopped");
        assertThat(stopped.code()).isEqualTo(1);
        assertThat(heimdex("jobs", "abandon", id).code()).isZero();
    }

    @Test
    void whatTheServerRefusesIsOneSentenceWithItsCode() throws IOException {
        Ended unknown = heimdex("jobs", "show", "9b2f7a31-4c55-4f0e-8d21-6a7c0e1f2b3d");
        assertThat(unknown.err()).startsWith("heimdex: job_not_found: ").hasLineCount(1);
        assertThat(unknown.code()).isEqualTo(1);

        assertThat(heimdex("reprobe", "--config", "nothing").err()).contains("config_not_found: ");
        assertThat(heimdex("scan").err()).contains("archive_not_found: ");
        assertThat(heimdex("scan", "--org", "another").err()).contains("org_scope_mismatch: ");
        Ended token = run("configs", "--url", api.base(), "--token", "nonsense");
        assertThat(token.err()).contains("invalid_token: ");
        assertThat(token.code()).isEqualTo(1);
        Ended away = run("configs", "--url", "http://localhost:" + freePort(), "--token", "any");
        assertThat(away.err()).contains("service_unavailable: no server answers");
        assertThat(away.code()).isEqualTo(1);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void withoutATokenALocalServerIsAskedForOne() throws IOException {
        Ended configs = run("configs", "--url", api.base(), "--org", org);
        assertThat(configs.out()).contains("reprobe-missing");
        assertThat(configs.code()).isZero();

        Path token = Files.writeString(folder.resolve("token"), api.as(org).token() + "\n");
        assertThat(run("configs", "--url", api.base(), "--token-file", token.toString()).code())
                .isZero();
        Ended few =
                run(
                        "configs",
                        "--url",
                        api.base(),
                        "--token",
                        api.as(org, Scope.JOBS_READ).token());
        assertThat(few.err()).contains("scope_required: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-x",
                "nothing",
                "jobs",
                "jobs show",
                "reprobe",
                "reprobe --config a --which all",
                "reprobe --which some",
                "probe"
            })
    void aWrongCallIsExplained(String call) {
        Ended ended = run(call.split(" "));

        assertThat(ended.err()).contains("Usage: heimdex");
        assertThat(ended.code()).isEqualTo(2);
    }

    @Test
    void theServicesOwnArgumentsAreNoCommand() {
        assertThat(HeimdexCli.isCommand()).isFalse();
        assertThat(HeimdexCli.isCommand("--server.port=1")).isFalse();
        assertThat(HeimdexCli.isCommand("probe")).isTrue();
        assertThat(HeimdexCli.isCommand("--help")).isTrue();
        assertThat(run("--help").out()).contains("probe", "scan", "reprobe", "jobs");
        assertThat(run("--version").out()).startsWith("heimdex-archive");
    }

    @Test
    void aProbeSaysWhatTheServiceWouldSay() throws IOException {
        Path sample = TestApi.sample("h264-aac.mp4");
        Client client = api.as(org);
        String asset = client.asset("h264-aac.mp4", Files.readAllBytes(sample));
        client.sidecarJob(asset);
        JsonNode expected = client.get("/v1/assets/" + asset + "/sidecar").json();
        Path broken = Files.writeString(folder.resolve("broken.mp4"), "no media");

        Ended ended =
                run(
                        "probe",
                        "--json",
                        sample.toString(),
                        broken.toString(),
                        folder.resolve("gone.mp4").toString());

        List<JsonNode> lines = ended.out().lines().map(JSON::readTree).toList();
        assertThat(lines).hasSize(3);
        for (String part : List.of("asset_id", "format", "video", "audio", "streams", "warnings")) {
            assertThat(lines.getFirst().path(part)).as(part).isEqualTo(expected.path(part));
        }
        SidecarSchema.check(lines.getFirst());
        assertThat(lines.get(1).at("/error/code").asString()).isEqualTo("invalid_media");
        assertThat(lines.get(2).at("/error/code").asString()).isEqualTo("source_not_found");
        assertThat(ended.code()).isEqualTo(3);
        assertThat(run("probe", sample.toString()).code()).isZero();
    }

    /** The real program, as the launcher starts it. */
    @Test
    void aProbeNeedsNeitherServerNorDatabase() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                TestProcess.classPath(),
                                HeimdexApplication.class.getName(),
                                "probe",
                                TestApi.sample("tone-mono-8khz.wav").toString())
                        .redirectError(folder.resolve("err").toFile())
                        .redirectOutput(folder.resolve("out").toFile())
                        .start();
        assertThat(process.waitFor()).as(Files.readString(folder.resolve("err"))).isZero();

        JsonNode sidecar = JSON.readTree(folder.resolve("out"));
        SidecarSchema.check(sidecar);
        assertThat(sidecar.at("/audio/sample_rate_hz").asInt()).isEqualTo(8000);
    }

    private record Ended(int code, String out, String err) {}

    /** As the org's operator. */
    private Ended heimdex(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", api.base(), "--token", api.as(org).token()));
        return run(all.toArray(String[]::new));
    }

    private static Ended run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                HeimdexCli.run(
                        HeimdexApplication.class,
                        new PrintWriter(out),
                        new PrintWriter(err),
                        arguments);
        return new Ended(code, out.toString(), err.toString());
    }
}
