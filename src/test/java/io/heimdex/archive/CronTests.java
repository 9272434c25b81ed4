package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What starts runs from outside: the crontab, the Kubernetes CronJobs, and the script of both. */
@ServiceTest
class CronTests {

    private static final Path SCRIPT = Path.of("cron/run-batch.sh").toAbsolutePath();
    private static final Pattern LINE =
            Pattern.compile("((?:\\S+\\s+){4}\\S+)\\s+\"\\$RUN_BATCH\" (\\S+) >>\"\\$LOG\" 2>&1");

    @TempDir Path folder;
    @Autowired TestApi api;
    @Autowired TestWorker worker;

    private final String org = TestApi.newOrg();

    @AfterEach
    void thisNodeWorksAgain() {
        worker.resume();
    }

    @Test
    void everyScheduleRunsAConfigThatThereIs() throws IOException {
        Map<String, String> crontab = crontab();
        Map<String, String> cronJobs = cronJobs();

        assertThat(crontab).isEqualTo(cronJobs);
        assertThat(crontab.values())
                .allSatisfy(cron -> new CronSchedule(cron, ZoneOffset.UTC, CronStyle.UNIX));
        try (Stream<Path> files = Files.list(Path.of("batch-configs"))) {
            assertThat(crontab.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString().replace(".yaml", ""))
                                    .toList());
        }
    }

    private static Map<String, String> crontab() throws IOException {
        Map<String, String> byConfig = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("cron/heimdex.crontab"))) {
            if (!line.isBlank() && !line.startsWith("#") && !line.matches("[A-Z_]+=\\S+")) {
                Matcher parts = LINE.matcher(line);
                assertThat(parts.matches()).as(line).isTrue();
                byConfig.put(parts.group(2), parts.group(1));
            }
        }
        return byConfig;
    }

    private static Map<String, String> cronJobs() throws IOException {
        Map<String, String> byConfig = new TreeMap<>();
        TreeSet<String> applied = new TreeSet<>();
        for (JsonNode file : yaml(Path.of("cron/kustomization.yaml")).path("resources")) {
            JsonNode job = yaml(Path.of("cron").resolve(file.asString()));
            applied.add(file.asString());
            assertThat(job.path("kind").asString()).isEqualTo("CronJob");
            assertThat(job.at("/spec/concurrencyPolicy").asString()).isEqualTo("Forbid");
            JsonNode pod = job.at("/spec/jobTemplate/spec/template/spec");
            assertThat(pod.path("restartPolicy").asString()).isEqualTo("Never");
            assertThat(job.at("/spec/jobTemplate/spec/activeDeadlineSeconds").asInt()).isPositive();
            byConfig.put(
                    pod.at("/containers/0/command/2").asString(),
                    job.at("/spec/schedule").asString());
        }
        try (Stream<Path> files = Files.list(Path.of("cron/k8s"))) {
            assertThat(files.map(file -> "k8s/" + file.getFileName()).toList())
                    .containsExactlyInAnyOrderElementsOf(applied);
        }
        return byConfig;
    }

    private static JsonNode yaml(Path file) throws IOException {
        return new JsonMapper().valueToTree(new Yaml().load(Files.readString(file)));
    }

    @Test
    void aRunIsWaitedForAndLeavesOneLine() throws IOException {
        byte[] wav = Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav"));
        String asset = api.as(org).asset("tone.wav", wav);

        Ended script = run("reprobe-missing").ended();

        assertThat(script.code()).isZero();
        assertThat(script.output())
                .matches(
                        "\\S+Z config=reprobe-missing job=[0-9a-f-]{36} outcome=succeeded total=1 failed=0"
                                + " seconds=\\d+\\R");
        assertThat(api.as(org).get("/v1/assets/" + asset).text("/status")).isEqualTo("ready");
    }

    @Test
    void aRunWithFailuresHasAnExitCodeOfItsOwn() throws IOException {
        api.as(org).asset("noise.wav", "no media at all".getBytes(StandardCharsets.UTF_8));

        Ended script = run("reprobe-missing").ended();

        assertThat(script.output()).contains("outcome=some_failed total=1 failed=1");
        assertThat(script.code()).isEqualTo(3);
    }

    @Test
    void whileOneGoesOnASecondIsNotBegun() throws IOException {
        worker.pause();
        Client client = api.as(org);
        Script first = run("reprobe-all");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !client.get("/v1/jobs").json().path("items").isEmpty());

        Ended locked = run("reprobe-all").ended();
        assertThat(locked.output()).contains("outcome=locked");
        assertThat(locked.code()).isEqualTo(4);
        Ended refused = run(Map.of("HEIMDEX_LOCK_DIR", lockDir("other")), "reprobe-all").ended();
        assertThat(refused.output()).contains("outcome=run_in_progress");
        assertThat(refused.code()).isEqualTo(4);
        assertThat(client.get("/v1/jobs").json().path("items")).hasSize(1);

        worker.resume();
        assertThat(first.ended().code()).isZero();
    }

    @Test
    void aSkippedRunIsNoError() throws IOException {
        worker.pause();
        Ended first = run("--no-wait", "reprobe-missing").ended();
        Ended second = run("--no-wait", "reprobe-missing").ended();

        assertThat(first.output()).contains("outcome=queued");
        assertThat(second.output()).contains("outcome=skipped");
        assertThat(List.of(first.code(), second.code())).containsOnly(0);
    }

    @Test
    void whatIsWrongIsToldApart() throws IOException {
        Ended unknown = run("reprobe-nothing").ended();
        assertThat(unknown.output()).contains("outcome=config_not_found");
        assertThat(unknown.code()).isEqualTo(1);

        Ended refused = run(Map.of("HEIMDEX_TOKEN", "nonsense"), "reprobe-all").ended();
        assertThat(refused.output()).contains("outcome=invalid_token");
        assertThat(refused.code()).isEqualTo(1);

        Ended away =
                run(Map.of("HEIMDEX_URL", "http://localhost:" + freePort()), "reprobe-all").ended();
        assertThat(away.output()).contains("outcome=service_away");
        assertThat(away.code()).isEqualTo(1);

        assertThat(run("reprobe-all; rm x").ended().code()).isEqualTo(2);
        assertThat(run().ended().code()).isEqualTo(2);
        assertThat(run(Map.of("HEIMDEX_TOKEN", ""), "reprobe-all").ended().code()).isEqualTo(2);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private String lockDir(String name) {
        return folder.resolve(name).toString();
    }

    private record Ended(int code, String output) {}

    private record Script(Process process, Path output) {

        Ended ended() throws IOException {
            try {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Ended(process.exitValue(), Files.readString(output));
        }
    }

    private Script run(String... arguments) throws IOException {
        return run(Map.of(), arguments);
    }

    private Script run(Map<String, String> changes, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "output", "");
        ProcessBuilder script =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        script.environment()
                .putAll(
                        Map.of(
                                "HEIMDEX_URL",
                                api.base(),
                                "HEIMDEX_TOKEN",
                                api.as(org).token(),
                                "HEIMDEX_POLL_S",
                                "0.2",
                                "HEIMDEX_LOCK_DIR",
                                lockDir("locks")));
        script.environment().putAll(changes);
        return new Script(script.start(), output);
    }
}
