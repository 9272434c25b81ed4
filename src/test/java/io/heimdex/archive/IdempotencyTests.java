package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** A request that is repeated with its Idempotency-Key is carried out once. */
@ServiceTest
class IdempotencyTests {

    @Autowired TestApi api;
    @Autowired JdbcClient jdbc;
    @Autowired TransactionTemplate transaction;

    private String org = "";
    private Client client;
    private String asset = "";
    private final String key = "key-" + UUID.randomUUID();

    @BeforeEach
    void anAsset() throws IOException {
        org = TestApi.newOrg();
        client = api.as(org);
        asset = client.asset("clip.wav", wav());
    }

    @RepeatedTest(5)
    void sixPostsAtOnceAreOneJob() throws Exception {
        List<Answer> answers = atOnce(6, () -> post(client, asset, "{}", key));

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(202));
        assertThat(answers.stream().map(answer -> answer.response().body()).distinct()).hasSize(1);
        assertThat(
                        answers.stream()
                                .map(answer -> answer.response().headers().firstValue("Location"))
                                .distinct())
                .hasSize(1);
        assertThat(jobs()).isOne();
        Answer job = client.finished(answers.getFirst().text("/job_id"));
        assertThat(job.text("/status")).isEqualTo("succeeded");
        assertThat(job.json().path("attempt").asInt()).isEqualTo(1);
    }

    @Test
    void withoutAKeyEveryPostIsAJob() {
        String first = client.post("/v1/assets/" + asset + "/sidecar", "{}").text("/job_id");
        String second = client.post("/v1/assets/" + asset + "/sidecar", "{}").text("/job_id");

        assertThat(first).isNotEqualTo(second);
        assertThat(client.finished(first).text("/status")).isEqualTo("succeeded");
        assertThat(client.finished(second).text("/status")).isEqualTo("succeeded");
        assertThat(jobs()).isEqualTo(2);
    }

    @Test
    void anotherKeyIsAnotherJob() {
        assertThat(post(client, asset, "{}", key).text("/job_id"))
                .isNotEqualTo(post(client, asset, "{}", key + "x").text("/job_id"));
    }

    @Test
    void theKeyOfAnotherBodyIsAConflict() {
        String job = post(client, asset, "{\"policy\":{\"max_count\":3}}", key).text("/job_id");

        assertThatProblem(post(client, asset, "{\"policy\":{\"max_count\":4}}", key))
                .is(409, "idempotency_conflict");
        assertThatProblem(post(client, asset, "{}", key)).is(409, "idempotency_conflict");
        assertThat(
                        post(client, asset, "{ \"policy\" : { \"max_count\" : 3 } }", key)
                                .text("/job_id"))
                .isEqualTo(job);
        assertThat(jobs()).isOne();
    }

    @Test
    void theKeyOfAnotherAssetIsAConflict() {
        String other = client.asset("other.txt", new byte[] {1});
        post(client, asset, "{}", key);

        assertThatProblem(post(client, other, "{}", key)).is(409, "idempotency_conflict");
        assertThat(client.get("/v1/assets/" + other).text("/status")).isEqualTo("queued");
        assertThat(jobs()).isOne();
    }

    @Test
    void theKeyOfAnotherOrgIsAKeyOfItsOwn() throws IOException {
        Client stranger = api.as(TestApi.newOrg());
        String same = stranger.asset("clip.wav", wav());
        assertThat(same).isEqualTo(asset);

        String mine = post(client, asset, "{}", key).text("/job_id");
        String theirs = post(stranger, same, "{}", key).text("/job_id");

        assertThat(theirs).isNotEmpty().isNotEqualTo(mine);
        assertThat(stranger.finished(theirs).text("/status")).isEqualTo("succeeded");
        assertThatProblem(stranger.get("/v1/jobs/" + mine)).is(404, "job_not_found");
    }

    @Test
    void aRepetitionAfterTheEndRunsNothing() {
        String job = post(client, asset, "{}", key).text("/job_id");
        Answer ended = client.finished(job);
        long executions = executions();

        Answer again = post(client, asset, "{}", key);

        assertThat(again.status()).isEqualTo(202);
        assertThat(again.text("/job_id")).isEqualTo(job);
        assertThat(client.get("/v1/assets/" + asset).text("/status")).isEqualTo("ready");
        assertThat(client.get("/v1/jobs/" + job).response().body())
                .isEqualTo(ended.response().body());
        await().until(() -> scheduled(job) == 0);
        assertThat(executions()).isEqualTo(executions);
    }

    @Test
    void aKeyIsFreeAgainAfterADay() {
        String job = post(client, asset, "{}", key).text("/job_id");
        client.finished(job);
        age(job, "23 hours 59 minutes");
        assertThat(post(client, asset, "{}", key).text("/job_id")).isEqualTo(job);

        age(job, "24 hours 1 minute");
        String next = post(client, asset, "{\"policy\":{}}", key).text("/job_id");

        assertThat(next).isNotEmpty().isNotEqualTo(job);
        assertThat(client.get("/v1/jobs/" + job).status()).isEqualTo(200);
    }

    @Test
    void whileTheFirstIsStillInProgressTheSecondIsToldToComeBack() {
        AtomicReference<Answer> meanwhile = new AtomicReference<>();
        transaction.executeWithoutResult(first -> {
            jdbc.sql(
                            """
                            insert into job (org_id, job_id, type, spec, requested_by, idempotency_key, total)
                            values (:org, :job, 'sidecar', '{}', 'test', :key, 0)
                            """)
                    .param("org", org)
                    .param("job", UUID.randomUUID())
                    .param("key", key)
                    .update();
            meanwhile.set(post(client, asset, "{}", key));
            first.setRollbackOnly();
        });

        Answer answer = Objects.requireNonNull(meanwhile.get());
        assertThatProblem(answer).is(409, "idempotency_in_progress");
        assertThat(answer.response().headers().firstValue("Retry-After")).hasValue("1");
        assertThat(post(client, asset, "{}", key).status()).isEqualTo(202);
    }

    @Test
    void aRefusedRequestDoesNotUseItsKeyUp() {
        assertThatProblem(post(client, asset, "{\"source_uri\":\"file:///no\"}", key))
                .is(400, "source_mismatch");
        assertThatProblem(post(client, asset, "{\"policy\":{\"max_count\":0}}", key))
                .is(400, "validation_failed");

        assertThat(post(client, asset, "{}", key).status()).isEqualTo(202);
    }

    private static Answer post(Client client, String asset, String body, String key) {
        return client.post("/v1/assets/" + asset + "/sidecar", body, "Idempotency-Key", key);
    }

    private long jobs() {
        return count("select count(*) from job where org_id = :org");
    }

    private long executions() {
        return count(
                """
                select count(*) from batch_job_execution_params p join job j on p.parameter_value = j.job_id::text
                where j.org_id = :org
                """);
    }

    private long scheduled(String job) {
        return jdbc.sql("select count(*) from scheduled_tasks where task_instance = :job")
                .param("job", job)
                .query(Long.class)
                .single();
    }

    private long count(String sql) {
        return jdbc.sql(sql).param("org", org).query(Long.class).single();
    }

    private void age(String job, String age) {
        jdbc.sql("update job set requested_at = now() - :age::interval where job_id = :job::uuid")
                .param("age", age)
                .param("job", job)
                .update();
    }

    private static <T> List<T> atOnce(int times, Callable<T> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : threads.invokeAll(Collections.nCopies(times, call))) {
                answers.add(answer.get());
            }
            return answers;
        }
    }

    private static byte[] wav() throws IOException {
        return Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav"));
    }
}
