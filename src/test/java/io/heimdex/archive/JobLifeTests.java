package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.tenancy.Scope;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What becomes of a job when things do not go as planned. */
@ServiceTest
class JobLifeTests {

    @Autowired TestApi api;
    @Autowired TestWorker worker;
    @Autowired JobRepository repository;
    @Autowired JdbcClient jdbc;
    @Autowired TestDatabase databases;
    @Autowired DataSource dataSource;
    @Autowired JobOperator operator;
    @Autowired MeterRegistry meters;

    private final String org = TestApi.newOrg();

    @AfterEach
    void thisNodeWorksAgain() {
        worker.resume();
    }

    @Test
    void theAnswerComesBeforeTheWork() throws IOException {
        worker.pause();
        Client client = api.as(org);

        Answer job = client.get("/v1/jobs/" + request(client));

        assertThat(job.text("/status")).isEqualTo("queued");
        assertThat(job.json().at("/progress/total").asInt()).isEqualTo(1);
        assertThat(job.json().path("result").isNull()).isTrue();
    }

    @Test
    void anotherNodeTakesAJobWithinTwoSeconds() throws IOException {
        worker.pause();
        Client client = api.as(org);
        try (ConfigurableApplicationContext other = otherNode()) {
            assertThat(other.isRunning()).isTrue();
            String job = request(client);

            await().atMost(Duration.ofSeconds(3))
                    .until(
                            () -> client.get("/v1/jobs/" + job).text("/status"),
                            "succeeded"::equals);
        }
    }

    @Test
    void anExecutionThatADeadWorkerLeftIsContinuedInANewOne() throws IOException {
        worker.pause();
        Client client = api.as(org);
        String job = request(client);
        JobExecution dead = execution(job);
        dead.setStatus(BatchStatus.STARTED);
        dead.setStartTime(LocalDateTime.now(ZoneOffset.UTC));
        repository.update(dead);

        worker.resume();

        Answer ended = client.finished(job);
        assertThat(ended.text("/status")).isEqualTo("succeeded");
        assertThat(ended.json().path("attempt").asInt()).isEqualTo(2);
        assertThat(repository.getJobExecution(dead.getId()))
                .extracting(JobExecution::getStatus)
                .isEqualTo(BatchStatus.FAILED);
        assertThat(audit()).containsExactly("system recover done " + job);
    }

    /** The wish came while the worker was dying: nobody is there to obey it. */
    @Test
    void aJobThatIsToStopAfterItsWorkerDiedStops() throws IOException {
        worker.pause();
        Client client = api.as(org);
        String asset = client.asset("clip.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4")));
        String job = client.post("/v1/assets/" + asset + "/sidecar", Map.of()).text("/job_id");
        JobExecution dead = execution(job);
        dead.setStatus(BatchStatus.STARTED);
        dead.setStartTime(LocalDateTime.now(ZoneOffset.UTC));
        repository.update(dead);
        jdbc.sql(
                        """
                        with i as (update job_item set taken_by = 1 where job_id = :job::uuid),
                             a as (update asset set status = 'processing' where org_id = :org)
                        update job set job_execution_id = :execution where job_id = :job::uuid
                        """)
                .param("execution", dead.getId())
                .param("job", job)
                .param("org", org)
                .update();
        assertThat(client.get("/v1/jobs/" + job).text("/status")).isEqualTo("running");
        assertThat(client.post("/v1/jobs/" + job + "/stop", "").status()).isEqualTo(202);

        worker.resume();

        assertThat(client.finished(job).text("/status")).isEqualTo("stopped");
        assertThat(client.get("/v1/assets/" + asset).text("/status")).isEqualTo("queued");
        assertThat(audit()).contains("system recover done " + job);
        assertThat(client.post("/v1/jobs/" + job + "/restart", "").status()).isEqualTo(202);
        assertThat(client.finished(job).text("/status")).isEqualTo("succeeded");
    }

    @Test
    void aStartThatDiedHalfwayIsStartedAnew() throws IOException {
        worker.pause();
        Client client = api.as(org);
        String job = request(client);
        repository.createJobInstance("sidecar", parameters(job));

        worker.resume();

        Answer ended = client.finished(job);
        assertThat(ended.text("/status")).isEqualTo("succeeded");
        assertThat(ended.json().path("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void aFaultOfTheStorageIsTheAssetsFailureAndPasses() throws IOException {
        Client client = api.as(org);
        String asset = client.asset("clip.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4")));
        // A file where the org's folder of copies should be: nothing can be written below it.
        Path blocked = Path.of("target/test-data/derived", org);
        Files.createFile(blocked);

        Answer failed = client.sidecarJob(asset);

        assertThat(failed.text("/status")).isEqualTo("failed");
        assertThat(failed.text("/error/code")).isEqualTo("storage_unavailable");
        Files.delete(blocked);
        assertThat(client.sidecarJob(asset).text("/status")).isEqualTo("succeeded");
    }

    @Test
    void aFaultOfTheDatabaseInMidChunkCostsAnAttemptAndNothingElse() throws IOException {
        Client client = api.as(org);
        String asset = client.asset("clip.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4")));
        refuseSidecars();

        String job = client.post("/v1/assets/" + asset + "/sidecar", Map.of()).text("/job_id");
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> client.get("/v1/jobs/" + job).json().path("attempt").asInt(),
                        attempt -> attempt >= 2);

        assertThat(client.get("/v1/jobs/" + job).text("/status")).isIn("queued", "running");
        assertThat(client.get("/v1/assets/" + asset + "/sidecar").code())
                .isEqualTo("sidecar_not_found");
        takeSidecars();
        assertThat(client.finished(job).text("/status")).isEqualTo("succeeded");
        assertThat(client.get("/v1/assets/" + asset).text("/status")).isEqualTo("ready");
        assertThat(crashes(job)).isZero();
    }

    @Test
    void anExecutionThatLostItsDatabaseIsContinuedToo() throws IOException {
        worker.pause();
        Client client = api.as(org);
        String job = request(client);
        JobExecution lost = execution(job);
        lost.setStatus(BatchStatus.UNKNOWN);
        repository.update(lost);

        worker.resume();

        assertThat(client.finished(job).text("/status")).isEqualTo("succeeded");
        assertThat(audit()).containsExactly("system recover done " + job);
    }

    /** The database was away when the step ended, and there again when the execution did. */
    @Test
    void anExecutionThatLostItsDatabaseInAStepIsContinuedToo() throws IOException {
        worker.pause();
        Client client = api.as(org);
        String job = request(client);
        JobExecution lost = execution(job);
        StepExecution step = repository.createStepExecution("probe", lost);
        step.setStatus(BatchStatus.UNKNOWN);
        repository.update(step);
        lost.setStatus(BatchStatus.FAILED);
        lost.setEndTime(LocalDateTime.now(Clock.systemUTC()));
        repository.update(lost);

        worker.resume();

        assertThat(client.finished(job).text("/status")).isEqualTo("succeeded");
        assertThat(audit()).containsExactly("system recover done " + job);
    }

    /** As a worker leaves it that sleeps while its job is taken over, and wakes as it is split. */
    @Test
    void aPartitionThatWasBegunInAnExecutionThatWasOverHoldsNobodyUp() throws IOException {
        Client client = api.as(org);
        client.asset("clip.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4")));
        worker.pause();
        String job =
                client.post(
                                "/v1/jobs",
                                Map.of("type", "reprobe", "select", Map.of("which", "missing")))
                        .text("/job_id");
        JobInstance instance = repository.createJobInstance("reprobe", parameters(job));
        JobExecution first = failed(instance, job);
        failed(instance, job);
        repository.createStepExecution("probe-assets:0", first);

        worker.resume();

        assertThat(client.finished(job).text("/status")).isEqualTo("succeeded");
        assertThat(client.get("/v1/jobs/" + job).json().path("attempt").asInt()).isEqualTo(3);
        assertThat(audit()).containsExactly("system recover done " + job);
    }

    /** The worker sleeps in the commit of its chunk; another one thinks it dead meanwhile. */
    @Test
    void aWorkerThatSleptThroughItsTakeoverCommitsNothing() throws Exception {
        Client client = api.as(org);
        String asset = client.asset("clip.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4")));
        double before = staleCommits("probe");
        String job;
        JobExecution slept;
        try (Connection gate = dataSource.getConnection()) {
            stopAtTheGate(gate, "sidecar");
            job = client.post("/v1/assets/" + asset + "/sidecar", Map.of()).text("/job_id");
            slept =
                    await().atMost(Duration.ofSeconds(20))
                            .until(() -> atTheGate("sidecar", job), Objects::nonNull);
            operator.recover(slept);
            gate.rollback();
        }

        assertThat(client.finished(job).text("/status")).isEqualTo("succeeded");
        assertThat(client.get("/v1/jobs/" + job).json().path("attempt").asInt()).isEqualTo(2);
        assertThat(staleCommits("probe")).isEqualTo(before + 1);
        assertThat(repository.getJobExecution(slept.getId()))
                .satisfies(ended -> assertThat(ended.getStatus()).isEqualTo(BatchStatus.FAILED));
        assertThat(written(slept)).isZero();
        assertThat(audit()).as("there was nothing left to repair").isEmpty();
    }

    /** What a run is to do is settled before any chunk, and is fenced and counted all the same. */
    @Test
    void aWorkerThatSleptWhileItPlannedSettlesNothing() throws Exception {
        Client client = api.as(org);
        client.asset("clip.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4")));
        double before = staleCommits("plan");
        String job;
        try (Connection gate = dataSource.getConnection()) {
            stopAtTheGate(gate, "job_item");
            job =
                    client.post(
                                    "/v1/jobs",
                                    Map.of("type", "reprobe", "select", Map.of("which", "missing")))
                            .text("/job_id");
            JobExecution slept =
                    await().atMost(Duration.ofSeconds(20))
                            .until(() -> atTheGate("reprobe", job), Objects::nonNull);
            operator.recover(slept);
            gate.rollback();
        }

        Answer ended = client.finished(job);
        assertThat(ended.text("/status")).isEqualTo("succeeded");
        assertThat(ended.json().path("attempt").asInt()).isEqualTo(2);
        assertThat(ended.json().at("/result/counts/succeeded").asInt()).isEqualTo(1);
        assertThat(staleCommits("plan")).isEqualTo(before + 1);
    }

    private void stopAtTheGate(Connection gate, String table) throws SQLException {
        gate.setAutoCommit(false);
        try (Statement statement = gate.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(hashtext('%s'))".formatted(org));
        }
        databases
                .asOwner()
                .sql(
                        """
                        create function gate_%1$s() returns trigger language plpgsql
                            as $$ begin perform pg_advisory_xact_lock(hashtext('%2$s')); return new; end $$;
                        create trigger gate_%1$s before insert on %3$s for each row
                            when (new.org_id = '%2$s') execute function gate_%1$s();
                        """
                                .formatted(org.replace('-', '_'), org, table))
                .update();
    }

    private @Nullable JobExecution atTheGate(String type, String job) {
        boolean waits =
                jdbc.sql(
                                "select exists (select from pg_locks where locktype = 'advisory'"
                                        + " and not granted and objid = hashtext(:org)::oid)")
                        .param("org", org)
                        .query(Boolean.class)
                        .single();
        return waits
                ? repository.getLastJobExecution(
                        Objects.requireNonNull(repository.getJobInstance(type, parameters(job))))
                : null;
    }

    private List<String> audit() {
        return api.as(org, Scope.ADMIN)
                .get("/v1/audit")
                .json()
                .path("items")
                .valueStream()
                .map(entry ->
                        Stream.of("user", "action", "outcome", "job_id")
                                .map(field -> entry.path(field).asString())
                                .collect(Collectors.joining(" ")))
                .toList();
    }

    private double staleCommits(String step) {
        return meters.counter("heimdex.job.stale_commits", "step", step).count();
    }

    private long written(JobExecution execution) {
        return jdbc.sql(
                        "select sum(write_count) from batch_step_execution where job_execution_id = :id")
                .param("id", execution.getId())
                .query(Long.class)
                .single();
    }

    private int crashes(String job) {
        return jdbc.sql("select sum(crashes) from job_item where job_id = :job::uuid")
                .param("job", job)
                .query(Integer.class)
                .single();
    }

    private void refuseSidecars() {
        databases
                .asOwner()
                .sql(
                        """
                        create function refuse_%1$s() returns trigger language plpgsql
                            as $$ begin raise exception 'refused by the test'; end $$;
                        create trigger refuse_%1$s before insert on sidecar for each row
                            when (new.org_id = '%2$s') execute function refuse_%1$s();
                        """
                                .formatted(org.replace('-', '_'), org))
                .update();
    }

    private void takeSidecars() {
        databases
                .asOwner()
                .sql("drop function refuse_%s cascade".formatted(org.replace('-', '_')))
                .update();
    }

    private String request(Client client) throws IOException {
        String asset = client.asset("clip.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4")));
        return client.post("/v1/assets/" + asset + "/sidecar", Map.of()).text("/job_id");
    }

    private JobExecution execution(String job) {
        return execution(repository.createJobInstance("sidecar", parameters(job)), job);
    }

    private JobExecution failed(JobInstance instance, String job) {
        JobExecution execution = execution(instance, job);
        execution.setStatus(BatchStatus.FAILED);
        execution.setEndTime(LocalDateTime.now(Clock.systemUTC()));
        repository.update(execution);
        return execution;
    }

    private JobExecution execution(JobInstance instance, String job) {
        return repository.createJobExecution(instance, parameters(job), new ExecutionContext());
    }

    private JobParameters parameters(String job) {
        return new JobParametersBuilder()
                .addString("job_id", job)
                .addString("org_id", org, false)
                .toJobParameters();
    }

    private ConfigurableApplicationContext otherNode() {
        return new SpringApplicationBuilder(HeimdexApplication.class)
                .run(
                        "--server.port=0",
                        "--heimdex.data-dir=target/test-data",
                        "--heimdex.local.first-run=false",
                        "--heimdex.database.url=" + databases.url(),
                        "--heimdex.database.migration-url=" + databases.migrationUrl(),
                        "--spring.main.register-shutdown-hook=false");
    }
}
