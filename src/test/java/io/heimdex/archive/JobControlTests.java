package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.asset.SidecarRequests;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What operators do to jobs, and what they see of them. */
@ServiceTest
@Timeout(120)
class JobControlTests {

    @Autowired TestApi api;
    @Autowired TestWorker worker;
    @Autowired SidecarRequests requests;
    @Autowired JdbcClient jdbc;

    private final String org = TestApi.newOrg();
    private Client client;

    @BeforeEach
    void anOperator() {
        client = api.as(org);
    }

    @AfterEach
    void thisNodeWorksAgain() {
        worker.resume();
    }

    @Test
    void ofFiftyRestartsAtOnceExactlyOneStartsAnAttempt() throws Exception {
        String job = failedJob();
        worker.pause();

        List<Answer> answers = atOnce(50, () -> restart(job, "failed_items"));

        Map<Integer, Long> byStatus =
                answers.stream()
                        .collect(Collectors.groupingBy(Answer::status, Collectors.counting()));
        assertThat(byStatus).isEqualTo(Map.of(202, 1L, 409, 49L));
        assertThat(answers)
                .filteredOn(answer -> answer.status() == 409)
                .allSatisfy(answer -> assertThatProblem(answer).is(409, "job_running"));
        worker.resume();
        Answer ended = client.finished(job);
        assertThat(ended.json().path("attempt").asInt()).isEqualTo(2);
        assertThat(audit()).filteredOn(entry -> entry.equals("restart refused")).hasSize(49);
        assertThat(audit()).filteredOn(entry -> entry.equals("restart done")).hasSize(1);
    }

    @Test
    void aRestartDoesJustTheFailedAssetsAgain() throws IOException {
        List<AssetId> ids = uploads(3);
        Path broken = fileOf(ids.get(1));
        Path aside = broken.resolveSibling("aside");
        Files.move(broken, aside);
        String job = requests.forMany(new OrgId(org), ids, "test").toString();
        Answer first = client.finished(job);
        assertThat(first.text("/status")).isEqualTo("succeeded");
        assertThat(first.json().at("/result/counts/failed").asInt()).isEqualTo(1);
        Answer ledger = client.get("/v1/jobs/" + job + "/failures");
        assertThat(ledger.json().path("items")).hasSize(1);
        assertThat(ledger.text("/items/0/asset_id")).isEqualTo(ids.get(1).value());
        assertThat(ledger.text("/items/0/code")).isEqualTo("source_not_found");
        assertThat(ledger.text("/items/0/source_uri")).endsWith(broken.getFileName().toString());
        Files.move(aside, broken);

        Answer restarted = restart(job, "failed_items");

        assertThat(restarted.status()).isEqualTo(202);
        assertThat(restarted.text("/job_id")).isEqualTo(job);
        Answer second = client.finished(job);
        assertThat(second.text("/status")).isEqualTo("succeeded");
        assertThat(second.json().at("/result/counts/failed").asInt()).isZero();
        assertThat(second.json().at("/result/counts/succeeded").asInt()).isEqualTo(3);
        assertThat(second.json().at("/progress/rate_per_s").asDouble() * seconds(second))
                .as("done in this attempt, by its rate")
                .isCloseTo(1, within(0.1));
        assertThat(
                        jdbc.sql("select earlier_mark_done from job where job_id = ?::uuid")
                                .param(job)
                                .query(Integer.class)
                                .single())
                .as("done before this attempt")
                .isEqualTo(2);
        Answer executions = client.get("/v1/jobs/" + job + "/executions");
        assertThat(executions.json().path("items")).hasSize(2);
        assertThat(executions.json().at("/items/0/steps/0/read").asInt()).isEqualTo(3);
        assertThat(executions.json().at("/items/1/steps/0/read").asInt()).isEqualTo(1);
        assertThat(client.get("/v1/jobs/" + job + "/executions/2").json())
                .isEqualTo(executions.json().at("/items/1"));
        assertThatProblem(client.get("/v1/jobs/" + job + "/executions/3"))
                .is(404, "execution_not_found");
        assertThat(client.get("/v1/jobs/" + job + "/failures").json().path("items")).isEmpty();
    }

    @Test
    void aRestartOfOneCodeLeavesTheOtherFailuresAsTheyAre() throws IOException {
        List<AssetId> ids = new ArrayList<>(uploads(2));
        ids.add(noise(1));
        ids.add(noise(2));
        Path lost = fileOf(ids.get(1));
        Path aside = lost.resolveSibling("aside");
        Files.move(lost, aside);
        String job = requests.forMany(new OrgId(org), ids, "test").toString();
        client.finished(job);
        assertThat(client.get("/v1/jobs/" + job + "/failures/summary").response().body())
                .isEqualTo(
                        """
                        {"items":[{"code":"invalid_media","count":2,"title":"The file is damaged or not media"},\
                        {"code":"source_not_found","count":1,"title":"There is no file at the source URI"}]}\
                        """);
        Files.move(aside, lost);

        assertThat(dryRun(job, Map.of()).json().path("count").asInt()).isEqualTo(3);
        assertThat(dryRun(job, Map.of("only", "unfinished")).json().path("count").asInt()).isZero();
        Map<String, Object> one = Map.of("failure_codes", List.of("source_not_found"));
        Answer dry = dryRun(job, one);
        assertThat(dry.response().body())
                .isEqualTo("{\"count\":1,\"sample\":[\"%s\"]}".formatted(ids.get(1)));
        assertThat(client.get("/v1/jobs/" + job).json().path("attempt").asInt()).isEqualTo(1);
        assertThat(audit()).isEmpty();

        assertThat(client.post("/v1/jobs/" + job + "/restart", one).status()).isEqualTo(202);

        Answer second = client.finished(job);
        assertThat(second.text("/status")).isEqualTo("succeeded");
        assertThat(second.json().at("/result/counts/succeeded").asInt()).isEqualTo(2);
        assertThat(second.json().at("/result/counts/failed").asInt()).isEqualTo(2);
        assertThat(
                        client.get("/v1/jobs/" + job + "/executions/2")
                                .json()
                                .at("/steps/0/read")
                                .asInt())
                .isEqualTo(1);
        assertThat(client.get("/v1/jobs/" + job + "/failures").json().path("items").valueStream())
                .extracting(item -> item.path("asset_id").asString())
                .containsExactly(ids.get(2).value(), ids.get(3).value());
        assertThatProblem(client.post("/v1/jobs/" + job + "/restart", one))
                .is(409, "job_not_restartable");
        assertThat(dryRun(job, one).json().path("count").asInt()).isZero();
        // Four outcomes at first, and one more by the restart.
        Answer throughput = client.get("/v1/jobs/" + job + "/throughput");
        assertThat(throughput.json().path("bucket_s").asInt()).isEqualTo(10);
        assertThat(sum(throughput, "done")).isEqualTo(5);
        assertThat(sum(throughput, "failed")).isEqualTo(3);
    }

    @Test
    void aDryRunOfARestartFailsAsTheRestartWould() throws IOException {
        worker.pause();
        String queued = request();
        assertThatProblem(dryRun(queued, Map.of())).is(409, "job_running");
        worker.resume();
        String failed = failedJob();
        assertThat(dryRun(failed, Map.of()).json().path("count").asInt()).isEqualTo(1);
        client.post("/v1/jobs/" + failed + "/abandon", "");
        assertThatProblem(dryRun(failed, Map.of())).is(409, "job_not_restartable");
        assertThatProblem(dryRun(UUID.randomUUID().toString(), Map.of())).is(404, "job_not_found");
        assertThat(audit()).containsExactly("abandon done");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"failure_codes\":[]}",
                "{\"failure_codes\":[\"bad_luck\"]}",
                "{\"failure_codes\":\"invalid_media\"}",
                "{\"failure_codes\":[\"invalid_media\"],\"only\":\"unfinished\"}"
            })
    void codesThatMakeNoSenseAreRefused(String body) throws IOException {
        assertThatProblem(client.post("/v1/jobs/" + failedJob() + "/restart", body))
                .is(400, "validation_failed")
                .field("failure_codes");
        assertThat(audit()).isEmpty();
    }

    @Test
    void aJobOfOneAssetHasItsThroughputToo() throws IOException {
        Answer throughput = client.get("/v1/jobs/" + failedJob() + "/throughput");

        assertThat(throughput.json().path("points")).hasSize(1);
        assertThat(sum(throughput, "done")).isEqualTo(1);
        assertThat(sum(throughput, "failed")).isEqualTo(1);
        assertThat(Instant.parse(throughput.text("/points/0/at")))
                .isBetween(Instant.now().minusSeconds(120), Instant.now());
        worker.pause();
        assertThat(client.get("/v1/jobs/" + request() + "/throughput").response().body())
                .isEqualTo("{\"bucket_s\":10,\"points\":[]}");
    }

    @Test
    void aLongLifeIsToldInNoMorePointsThanAPlotHas() {
        String job = requests.forMany(new OrgId(org), List.of(), "test").toString();
        client.finished(job);
        // Three hours with a pause of one in their middle.
        jdbc.sql(
                        """
                        insert into job_throughput (org_id, job_id, at, done, failed)
                        select :org, :job, timestamptz '2026-01-01T00:00:00Z' + make_interval(secs => 10 * n), 7, 1
                        from generate_series(0, 1079) n where n not between 360 and 719
                        """)
                .param("org", org)
                .param("job", UUID.fromString(job))
                .update();

        Answer throughput = client.get("/v1/jobs/" + job + "/throughput");

        assertThat(throughput.json().path("bucket_s").asInt()).isEqualTo(120);
        assertThat(throughput.json().path("points")).hasSize(90);
        assertThat(throughput.text("/points/1/at")).isEqualTo("2026-01-01T00:02:00Z");
        assertThat(throughput.json().at("/points/29/done").asInt()).isEqualTo(12 * 7);
        assertThat(throughput.json().at("/points/30/done").asInt()).isZero();
        assertThat(throughput.json().at("/points/60/failed").asInt()).isEqualTo(12);
        assertThat(sum(throughput, "done")).isEqualTo(720 * 7);
    }

    @Test
    void aStoppedJobGoesOnWhereItWasStopped() throws IOException {
        List<AssetId> ids = uploads(150);
        String job = requests.forMany(new OrgId(org), ids, "test").toString();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> progress(job, "done") > 0);

        assertThat(client.post("/v1/jobs/" + job + "/stop", "").status()).isEqualTo(202);

        Answer stopped = client.finished(job);
        assertThat(stopped.text("/status")).isEqualTo("stopped");
        assertThat(progress(job, "done")).isPositive().isLessThan(150);
        assertThat(restart(job, "unfinished").status()).isEqualTo(202);
        Answer ended = client.finished(job);
        assertThat(ended.text("/status")).isEqualTo("succeeded");
        assertThat(ended.json().at("/result/counts/succeeded").asInt()).isEqualTo(150);
    }

    @Test
    void eventsTellOfAJobFromItsQueueToItsEnd() throws IOException {
        worker.pause();
        String job = request();
        CompletableFuture<Answer> events =
                CompletableFuture.supplyAsync(() -> client.get("/v1/jobs/" + job + "/events"));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> client.get("/v1/jobs/" + job).text("/status"), "queued"::equals);
        worker.resume();

        Answer stream = events.orTimeout(30, TimeUnit.SECONDS).join();

        assertThat(stream.response().headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        List<String> data =
                stream.response().body().lines().filter(line -> line.startsWith("data:")).toList();
        assertThat(data).hasSizeGreaterThanOrEqualTo(2);
        assertThat(data.getFirst()).contains("\"status\":\"queued\"");
        assertThat(data.getLast()).contains("\"status\":\"succeeded\"", job);
    }

    @Test
    void theRateIsThatOfTheLastMinuteAndTheEtaFollows() throws IOException {
        worker.pause();
        String job = request();
        // A run of ten minutes, slow at first: 100 in nine minutes, then 900 in the last one.
        jdbc.sql(
                        """
                        with i as (insert into batch_job_instance values (nextval('batch_job_instance_seq'), 0, 'x', :job)
                                   returning job_instance_id),
                             e as (insert into batch_job_execution
                                   select nextval('batch_job_execution_seq'), 0, job_instance_id,
                                          now() at time zone 'UTC',
                                          (now() - interval '10 minutes') at time zone 'UTC', null, 'STARTED', 'UNKNOWN'
                                   from i returning job_execution_id)
                        update job set job_execution_id = (select job_execution_id from e),
                            total = 1900, done = 1000, mark_at = now(), mark_done = 1000,
                            earlier_mark_at = now() - interval '60 seconds', earlier_mark_done = 100
                        where job_id = :id
                        """)
                .param("job", job.substring(0, 32))
                .param("id", UUID.fromString(job))
                .update();

        Answer view = client.get("/v1/jobs/" + job);

        assertThat(view.text("/status")).isEqualTo("running");
        assertThat(view.json().at("/progress/rate_per_s").asDouble()).isBetween(14.0, 15.0);
        assertThat(Instant.parse(view.text("/progress/eta")))
                .isBetween(Instant.now().plusSeconds(50), Instant.now().plusSeconds(70));
        jdbc.sql("delete from scheduled_tasks where task_instance = :job")
                .param("job", job)
                .update();
    }

    @Test
    void aJobThatIsStoppedBeforeItsTurnNeverStarts() throws IOException {
        worker.pause();
        String job = request();
        assertThat(client.post("/v1/jobs/" + job + "/stop", "").status()).isEqualTo(202);
        worker.resume();

        Answer stopped = client.finished(job);

        assertThat(stopped.text("/status")).isEqualTo("stopped");
        assertThat(stopped.json().path("attempt").asInt()).isZero();
        assertThat(restart(job, "unfinished").status()).isEqualTo(202);
        assertThat(client.finished(job).text("/status")).isEqualTo("succeeded");
    }

    @Test
    void anAbandonedJobIsNeverRestarted() throws IOException {
        String job = failedJob();

        Answer abandoned = client.post("/v1/jobs/" + job + "/abandon", "");

        assertThat(abandoned.status()).isEqualTo(200);
        assertThat(abandoned.text("/status")).isEqualTo("failed");
        assertThat(abandoned.text("/batch/batch_status")).isEqualTo("ABANDONED");
        assertThatProblem(restart(job, "failed_items")).is(409, "job_not_restartable");
        assertThatProblem(client.post("/v1/jobs/" + job + "/abandon", ""))
                .is(409, "job_not_restartable");
        assertThat(audit()).containsExactly("abandon refused", "restart refused", "abandon done");
    }

    @Test
    void theAuditIsFilteredAndReadInPartsByItsLinks() throws IOException {
        String failed = failedJob();
        String other = failedJob();
        restart(other, "unfinished");
        client.post("/v1/jobs/" + failed + "/stop", "");
        client.post("/v1/jobs/" + failed + "/abandon", "");
        restart(failed, "failed_items");
        Client admin = api.as(org, Scope.ADMIN);

        assertThat(audit(org, "?job_id=" + failed))
                .containsExactly("restart refused", "abandon done", "stop refused");
        assertThat(audit(org, "?action=restart"))
                .containsExactly("restart refused", "restart refused");
        assertThat(audit(org, "?action=restart&job_id=" + other))
                .containsExactly("restart refused");
        String user = admin.get("/v1/audit").text("/items/0/user");
        assertThat(audit(org, "?user=" + user)).hasSize(4);
        assertThat(audit(org, "?user=system")).isEmpty();
        assertThat(audit(org, "?since=" + admin.get("/v1/audit").text("/items/1/at")))
                .containsExactly("restart refused", "abandon done");
        assertThatProblem(admin.get("/v1/audit?job_id=1"))
                .is(400, "validation_failed")
                .field("job_id");
        assertThatProblem(admin.get("/v1/audit?since=now")).is(400, "validation_failed");

        Answer part = admin.get("/v1/audit?action=restart&limit=1");
        assertThat(part.response().headers().firstValue("Link"))
                .hasValueSatisfying(link ->
                        assertThat(link).contains("/v1/audit?action=restart&limit=1&cursor="));
        String cursor = part.text("/next_cursor");
        assertThat(admin.get("/v1/audit?action=restart&cursor=" + cursor).text("/items/0/job_id"))
                .isEqualTo(other);
        assertThatProblem(admin.get("/v1/audit?action=stop&cursor=" + cursor))
                .is(400, "invalid_cursor");
    }

    @Test
    void everyWrongTransitionHasItsCode() throws IOException {
        String succeeded = client.finished(request()).text("/job_id");
        assertThatProblem(restart(succeeded, "failed_items")).is(409, "job_not_restartable");
        assertThatProblem(client.post("/v1/jobs/" + succeeded + "/stop", ""))
                .is(409, "job_not_running");
        assertThatProblem(client.post("/v1/jobs/" + succeeded + "/abandon", ""))
                .is(409, "job_not_restartable");
        String failed = failedJob();
        assertThatProblem(restart(failed, "unfinished")).is(409, "job_not_restartable");
        assertThatProblem(restart(failed, "everything")).is(400, "validation_failed");
        worker.pause();
        String queued = request();
        assertThatProblem(restart(queued, "failed_items")).is(409, "job_running");
        assertThatProblem(client.post("/v1/jobs/" + queued + "/abandon", ""))
                .is(409, "job_running");
        assertThat(audit())
                .containsExactly(
                        "abandon refused",
                        "restart refused",
                        "restart refused",
                        "abandon refused",
                        "stop refused",
                        "restart refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"restart", "stop", "abandon"})
    void anotherOrgsJobLooksLikeAnUnknownOne(String action) throws IOException {
        String job = client.finished(request()).text("/job_id");
        String other = TestApi.newOrg();
        Client stranger = api.as(other);
        String unknown = UUID.randomUUID().toString();

        Answer foreign = stranger.post("/v1/jobs/" + job + "/" + action, "");
        Answer missing = stranger.post("/v1/jobs/" + unknown + "/" + action, "");

        assertThatProblem(foreign).is(404, "job_not_found");
        assertThat(foreign.response().body().replace(job, unknown))
                .isEqualTo(missing.response().body());
        assertThat(audit(other, "")).containsExactly(action + " refused", action + " refused");
        assertThat(audit()).as("of the org whose job it is").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/failures",
                "/failures/summary",
                "/throughput",
                "/executions",
                "/executions/1"
            })
    void whatAnotherOrgsJobDidIsAsUnknown(String part) throws IOException {
        String job = client.finished(request()).text("/job_id");

        assertThatProblem(api.as(TestApi.newOrg()).get("/v1/jobs/" + job + part))
                .is(404, "job_not_found");
        assertThat(client.get("/v1/jobs/" + job + part).status()).isEqualTo(200);
    }

    @Test
    void theListIsWalkedPageByPageNewestFirst() throws IOException {
        List<String> jobs = new ArrayList<>();
        String asset = uploads(1).getFirst().value();
        for (int i = 0; i < 5; i++) {
            jobs.addFirst(client.sidecarJob(asset).text("/job_id"));
        }
        List<String> seen = new ArrayList<>();
        String next = "/v1/jobs?limit=2&asset_id=" + asset;
        String cursor = "";
        do {
            Answer page = client.get(next + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            page.json().path("items").forEach(row -> seen.add(row.path("job_id").asString()));
            cursor = page.text("/next_cursor");
        } while (!cursor.isEmpty());

        assertThat(seen).isEqualTo(jobs);
    }

    @Test
    void theListIsFilteredByStatusTypeAndTime() throws IOException {
        String failed = failedJob();
        String succeeded = client.finished(request()).text("/job_id");

        assertThat(ids("?status=failed")).containsExactly(failed);
        assertThat(ids("?status=succeeded")).containsExactly(succeeded);
        assertThat(ids("?type=sidecar")).containsExactly(succeeded, failed);
        assertThat(ids("?type=other")).isEmpty();
        assertThat(ids("?since=2999-01-01T00:00:00Z")).isEmpty();
        assertThatProblem(client.get("/v1/jobs?status=lost")).is(400, "validation_failed");
        assertThatProblem(client.get("/v1/jobs?limit=0")).is(400, "validation_failed");
    }

    @Test
    void aCursorOfAnotherListIsRefused() throws IOException {
        request();
        request();
        String cursor = client.get("/v1/jobs?limit=1").text("/next_cursor");
        assertThat(client.get("/v1/jobs?limit=1&cursor=" + cursor).status()).isEqualTo(200);

        assertThatProblem(client.get("/v1/jobs?limit=1&type=x&cursor=" + cursor))
                .is(400, "invalid_cursor");
        assertThatProblem(client.get("/v1/jobs?cursor=nonsense")).is(400, "invalid_cursor");
        assertThatProblem(client.get("/v1/jobs?cursor=" + cursor + "x")).is(400, "invalid_cursor");
    }

    private String request() throws IOException {
        String asset = uploads(1).getFirst().value();
        return client.post("/v1/assets/" + asset + "/sidecar", Map.of()).text("/job_id");
    }

    private String failedJob() throws IOException {
        String asset =
                client.asset(
                        "broken.mp4", Files.readAllBytes(TestApi.sample("truncated-no-moov.mp4")));
        Answer job = client.sidecarJob(asset);
        assertThat(job.text("/status")).isEqualTo("failed");
        return job.text("/job_id");
    }

    /** Assets of the org that differ in their last bytes. */
    private List<AssetId> uploads(int count) throws IOException {
        byte[] wav = Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav"));
        List<AssetId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(wav);
            bytes.write(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
            ids.add(new AssetId(client.asset(i + ".wav", bytes.toByteArray())));
        }
        return ids;
    }

    /** An asset that is no media. */
    private AssetId noise(int number) {
        return new AssetId(
                client.asset(
                        number + ".bin", ("noise " + number).getBytes(StandardCharsets.UTF_8)));
    }

    private Answer dryRun(String job, Map<String, Object> request) {
        Map<String, Object> dry = new HashMap<>(request);
        dry.put("dry_run", true);
        return client.post("/v1/jobs/" + job + "/restart", dry);
    }

    private static long sum(Answer throughput, String what) {
        return throughput
                .json()
                .path("points")
                .valueStream()
                .mapToLong(point -> point.path(what).asLong())
                .sum();
    }

    private Path fileOf(AssetId id) {
        return Path.of(URI.create(client.get("/v1/assets/" + id).text("/source_uri")));
    }

    private Answer restart(String job, String only) {
        return client.post("/v1/jobs/" + job + "/restart", Map.of("only", only));
    }

    private static double seconds(Answer job) {
        return Duration.between(
                                Instant.parse(job.text("/started_at")),
                                Instant.parse(job.text("/finished_at")))
                        .toNanos()
                / 1e9;
    }

    private int progress(String job, String what) {
        return client.get("/v1/jobs/" + job).json().at("/progress/" + what).asInt();
    }

    private List<String> ids(String query) {
        List<String> ids = new ArrayList<>();
        client.get("/v1/jobs" + query)
                .json()
                .path("items")
                .forEach(row -> ids.add(row.path("job_id").asString()));
        return ids;
    }

    private List<String> audit() {
        return audit(org, "");
    }

    private List<String> audit(String org, String query) {
        List<String> entries = new ArrayList<>();
        api.as(org, Scope.ADMIN)
                .get("/v1/audit" + query)
                .json()
                .path("items")
                .forEach(entry ->
                        entries.add(
                                entry.path("action").asString()
                                        + " "
                                        + entry.path("outcome").asString()));
        return entries;
    }

    private static List<Answer> atOnce(int count, Callable<Answer> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> future : threads.invokeAll(Collections.nCopies(count, call))) {
                answers.add(future.get());
            }
            return answers;
        }
    }
}
