package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Runs over many assets, from the request to the last partition. */
@ServiceTest
class BulkRunTests {

    private static final int GOOD = 300;
    private static final int BAD = 3;

    @Autowired TestApi api;
    @Autowired TestWorker worker;
    @Autowired JdbcClient jdbc;

    private final String org = TestApi.newOrg();
    private Client client;

    @BeforeEach
    void archive() {
        client = api.as(org);
    }

    @AfterEach
    void thisNodeWorksAgain() {
        worker.resume();
    }

    @Test
    void aRunOverWhatIsMissingProbesItInPartitionsAndLeavesNothingForTheNext() {
        IntStream.range(0, GOOD).forEach(this::good);
        IntStream.range(0, BAD).forEach(this::bad);

        Answer run = client.finished(start(Map.of("which", "missing")));

        assertThat(run.text("/status")).isEqualTo("succeeded");
        assertThat(run.json().at("/progress/total").asInt()).isEqualTo(GOOD + BAD);
        assertThat(run.json().at("/progress/done").asInt()).isEqualTo(GOOD + BAD);
        assertThat(run.json().at("/result/counts/succeeded").asInt()).isEqualTo(GOOD);
        assertThat(run.json().at("/result/counts/failed").asInt()).isEqualTo(BAD);
        JsonNode steps =
                client.get("/v1/jobs/" + run.text("/job_id") + "/executions")
                        .json()
                        .at("/items/0/steps");
        assertThat(names(steps)).containsExactly("plan", "probe-assets");
        assertThat(steps.at("/0/partitions").size()).isZero();
        assertThat(names(steps.at("/1/partitions")))
                .containsExactlyInAnyOrder("probe-assets:0", "probe-assets:250");

        Answer again = client.finished(start(Map.of("which", "missing")));
        assertThat(again.text("/status")).isEqualTo("succeeded");
        assertThat(again.json().at("/progress/total").asInt()).isZero();
    }

    @Test
    void aSelectionMayNameTenThousandAssets() {
        List<String> assets =
                Stream.concat(
                                Stream.of(good(1), good(2)),
                                IntStream.rangeClosed(3, 10_000)
                                        .mapToObj("sha256:%064x"::formatted))
                        .toList();

        Answer run = client.finished(start(Map.of("asset_ids", assets)));

        assertThat(run.json().at("/result/counts/succeeded").asInt()).isEqualTo(2);
        assertThat(run.json().at("/progress/total").asInt()).isEqualTo(2);
    }

    @Test
    void aDryRunTellsWhatItWouldTakeAndQueuesNothing() {
        List<String> assets = IntStream.range(0, 12).mapToObj(this::good).sorted().toList();

        Answer answer =
                client.post(
                        "/v1/jobs",
                        Map.of(
                                "type",
                                "reprobe",
                                "select",
                                Map.of("which", "missing"),
                                "dry_run",
                                true));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("count").asInt()).isEqualTo(12);
        assertThat(answer.json().path("sample").valueStream().map(id -> id.asString()))
                .containsExactlyElementsOf(assets.subList(0, 10));
        assertThat(client.get("/v1/jobs").json().path("items").size()).isZero();
    }

    @Test
    void eachSelectionTakesItsOwn() {
        String ready = good(1);
        String changed = good(2);
        String stale = good(3);
        String failed = bad(1);
        client.finished(start(Map.of("which", "all")));
        String missing = good(4);
        jdbc.sql("update sidecar set fingerprint = 'other' where org_id = :org and asset_id = :id")
                .param("org", org)
                .param("id", changed)
                .update();
        jdbc.sql(
                        "update sidecar set prober_version = '0.1', written_at = now() - interval '1 year'"
                                + " where org_id = :org and asset_id = :id")
                .param("org", org)
                .param("id", stale)
                .update();

        assertThat(selected(Map.of("which", "missing"))).containsExactly(missing);
        assertThat(selected(Map.of("which", "failed"))).containsExactly(failed);
        assertThat(selected(Map.of("which", "failed", "failure_codes", List.of("empty_file"))))
                .isEmpty();
        assertThat(selected(Map.of("which", "changed"))).containsExactly(changed);
        assertThat(selected(Map.of("which", "stale"))).containsExactly(stale);
        assertThat(selected(Map.of("which", "all")))
                .containsExactlyInAnyOrder(ready, changed, stale, failed, missing);
        assertThat(selected(Map.of("asset_ids", List.of(ready, "sha256:none"))))
                .containsExactly(ready);
        assertThat(selected(Map.of("which", "all", "probed_before", "2026-01-01T00:00:00Z")))
                .containsExactly(stale);
        assertThat(selected(Map.of("which", "all", "source_prefix", "file:///nowhere/"))).isEmpty();
    }

    @Test
    void aRestartProbesOnlyWhatFailed() {
        String good = good(1);
        String bad = bad(1);
        String job = start(Map.of("which", "all"));
        client.finished(job);

        client.post("/v1/jobs/" + job + "/restart", Map.of("only", "failed_items"));

        Answer ended = client.finished(job);
        assertThat(ended.json().path("attempt").asInt()).isEqualTo(2);
        assertThat(ended.json().at("/progress/done").asInt()).isEqualTo(2);
        assertThat(attempts(job, good)).isEqualTo(1);
        assertThat(attempts(job, bad)).isEqualTo(2);
    }

    @Test
    void aRunWithTooManyFailuresIsGivenUpAndCanBeTakenUpAgain() {
        IntStream.range(0, 12).forEach(this::bad);
        String job =
                client.post(
                                "/v1/jobs",
                                Map.of(
                                        "type",
                                        "reprobe",
                                        "select",
                                        Map.of("which", "all"),
                                        "options",
                                        Map.of("max_failures", 4, "chunk_size", 2)))
                        .text("/job_id");

        Answer ended = client.finished(job);

        assertThat(ended.text("/status")).isEqualTo("failed");
        assertThat(ended.text("/error/code")).isEqualTo("too_many_failures");
        int failed = ended.json().at("/progress/failed").asInt();
        assertThat(failed).isBetween(4, 6);
        restart(job, "unfinished");
        // The failures that it was left with are none of the new attempt's.
        assertThat(client.finished(job).json().at("/progress/failed").asInt())
                .isBetween(failed + 4, failed + 6);
        restart(job, "failed_items");
        client.finished(job);
    }

    private void restart(String job, String only) {
        assertThat(client.post("/v1/jobs/" + job + "/restart", Map.of("only", only)).status())
                .isEqualTo(202);
    }

    @Test
    void aRunGoesAboutItAsItsOptionsSay() {
        IntStream.range(0, 5).forEach(this::good);

        String job =
                client.post(
                                "/v1/jobs",
                                Map.of(
                                        "type",
                                        "reprobe",
                                        "select",
                                        Map.of("which", "all"),
                                        "options",
                                        Map.of("chunk_size", 2, "item_timeout", "1ms")))
                        .text("/job_id");

        Answer ended = client.finished(job);
        // On a busy machine what ends the probes may be late for one.
        int late = ended.json().at("/progress/failed").asInt();
        assertThat(late).isPositive();
        assertThat(
                        client.get("/v1/jobs/" + job + "/failures?code=probe_timeout")
                                .json()
                                .path("items"))
                .hasSize(late);
        assertThat(partition(job).path("committed").asInt()).isEqualTo(3);
    }

    @Test
    void aRunGoesNoFasterThanItMay() {
        IntStream.range(0, 12).forEach(this::good);
        long start = System.nanoTime();

        String job =
                client.post(
                                "/v1/jobs",
                                Map.of(
                                        "type",
                                        "reprobe",
                                        "select",
                                        Map.of("which", "all"),
                                        "options",
                                        Map.of("rate_limit", 5)))
                        .text("/job_id");
        await("its partition has a worker")
                .until(() -> !partition(job).path("worker").asString("").isEmpty());
        assertThat(client.get("/v1/jobs/" + job).json().at("/progress/workers").asInt()).isOne();
        Answer ended = client.finished(job);

        assertThat(ended.json().at("/progress/workers").asInt()).isZero();
        assertThat(partition(job).path("worker").isNull()).isTrue();
        assertThat(ended.json().at("/result/counts/succeeded").asInt()).isEqualTo(12);
        // The first five come at once.
        assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
    }

    private JsonNode partition(String job) {
        return client.get("/v1/jobs/" + job + "/executions")
                .json()
                .at("/items/0/steps/1/partitions/0");
    }

    private static List<String> names(JsonNode steps) {
        return steps.valueStream().map(step -> step.path("name").asString()).toList();
    }

    @Test
    void aWaitingRunThatIsStoppedTakesNothing() {
        good(1);
        worker.pause();
        String job = start(Map.of("which", "all"));
        client.post("/v1/jobs/" + job + "/stop", Map.of());
        worker.resume();

        Answer ended = client.finished(job);

        assertThat(ended.text("/status")).isEqualTo("stopped");
        assertThat(client.post("/v1/jobs/" + job + "/restart", Map.of()).status()).isEqualTo(202);
        assertThat(client.finished(job).text("/status")).isEqualTo("succeeded");
    }

    @Test
    void aRunThatMakesNoSenseIsRefusedWithTheField() {
        assertThatProblem(client.post("/v1/jobs", Map.of("select", Map.of("which", "all"))))
                .is(400, "validation_failed")
                .field("type");
        assertThatProblem(client.post("/v1/jobs", Map.of("type", "reprobe")))
                .is(400, "validation_failed")
                .field("select.which");
        assertThatProblem(
                        client.post(
                                "/v1/jobs",
                                Map.of("type", "scan", "select", Map.of("which", "all"))))
                .is(400, "validation_failed")
                .field("select");
        assertThatProblem(client.post("/v1/jobs", Map.of("type", "scan")))
                .is(404, "archive_not_found");
        assertThatProblem(client.post("/v1/jobs", Map.of("type", "reprobe", "select", Map.of())))
                .is(400, "validation_failed")
                .field("select.which");
        assertThatProblem(
                        client.post(
                                "/v1/jobs",
                                Map.of(
                                        "type",
                                        "reprobe",
                                        "select",
                                        Map.of(
                                                "which",
                                                "all",
                                                "failure_codes",
                                                List.of("invalid_media")))))
                .is(400, "validation_failed")
                .field("select.failure_codes");
        for (Map<String, Object> option :
                List.<Map<String, Object>>of(
                        Map.of("copies", false),
                        Map.of("deep", true),
                        Map.of("item_timeout", "1s"))) {
            assertThatProblem(
                            client.post(
                                    "/v1/jobs",
                                    Map.of(
                                            "type",
                                            "thumbnails",
                                            "select",
                                            Map.of("which", "all"),
                                            "options",
                                            option)))
                    .is(400, "validation_failed")
                    .field("options." + option.keySet().iterator().next());
        }
        assertThatProblem(
                        client.post(
                                "/v1/jobs",
                                Map.of(
                                        "type",
                                        "reprobe",
                                        "select",
                                        Map.of("which", "all"),
                                        "options",
                                        Map.of("item_timeout", "soon"))))
                .is(400, "validation_failed")
                .field("options.item_timeout");
    }

    private String start(Map<String, Object> select) {
        return client.post("/v1/jobs", Map.of("type", "reprobe", "select", select)).text("/job_id");
    }

    private List<String> selected(Map<String, Object> select) {
        return client.post("/v1/jobs", Map.of("type", "reprobe", "select", select, "dry_run", true))
                .json()
                .path("sample")
                .valueStream()
                .map(id -> id.asString())
                .toList();
    }

    private int attempts(String job, String asset) {
        return jdbc.sql(
                        "select attempts from job_item where job_id = :job::uuid and asset_id = :asset")
                .param("job", job)
                .param("asset", asset)
                .query(Integer.class)
                .single();
    }

    private String good(int number) {
        return asset(number, true);
    }

    private String bad(int number) {
        return asset(number, false);
    }

    /** Differs from other files in its last bytes, and so is an asset of its own. */
    private String asset(int number, boolean good) {
        try {
            byte[] start =
                    good
                            ? Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav"))
                            : "no media at all".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            byte[] unique = Arrays.copyOf(start, start.length + 2);
            unique[start.length] = (byte) number;
            unique[start.length + 1] = (byte) (number >> 8);
            return client.asset(number + ".wav", unique);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
