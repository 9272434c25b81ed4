package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.asset.SidecarRequests;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobView;
import io.heimdex.archive.job.Jobs;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who waits for whom. */
@ServiceTest
class FairnessTests {

    private static final int BULK_JOBS = 6;
    private static final int BULK_ASSETS = 60;

    @Autowired TestApi api;
    @Autowired TestWorker worker;
    @Autowired SidecarRequests requests;
    @Autowired Jobs jobs;
    @Autowired JdbcClient jdbc;

    private final String org = TestApi.newOrg();

    @AfterEach
    void thisNodeWorksAgain() {
        worker.resume();
    }

    @Test
    void aJobAboutOneAssetDoesNotWaitForRunsThatHoldEveryBulkThread() {
        Client client = api.as(org);
        List<AssetId> assets =
                IntStream.range(0, BULK_ASSETS).mapToObj(i -> asset(client, i)).toList();
        List<JobId> runs =
                IntStream.range(0, BULK_JOBS)
                        .mapToObj(_ -> requests.forMany(new OrgId(org), assets, "test"))
                        .toList();

        Instant asked = Instant.now();
        Answer single = client.sidecarJob(assets.getFirst().value());

        assertThat(runs.stream().map(this::view).map(JobView::status))
                .contains(JobView.Status.QUEUED);
        assertThat(Instant.parse(single.text("/started_at"))).isBefore(asked.plusSeconds(2));
        runs.forEach(run ->
                await().atMost(Duration.ofSeconds(60)).until(() -> view(run).status().ended()));
    }

    @Test
    void theJobOfOneOrgGoesBeforeTheBacklogOfAnother() {
        Client flooding = api.as(org);
        Client other = api.as(TestApi.newOrg());
        String asset = asset(flooding, 0).value();
        String others = asset(other, 0).value();
        worker.pause();
        List<String> flood = IntStream.range(0, 20).mapToObj(_ -> ask(flooding, asset)).toList();
        String job = ask(other, others);

        worker.resume();

        Instant started = Instant.parse(other.finished(job).text("/started_at"));
        assertThat(flood.stream().map(flooding::finished))
                .filteredOn(before -> Instant.parse(before.text("/started_at")).isBefore(started))
                .hasSizeLessThan(8);
    }

    @Test
    void aJobThatWouldWaitTooLongIsTurnedAwayAndNobodyElse() {
        Client flooding = api.as(org);
        Client other = api.as(TestApi.newOrg());
        String asset = asset(flooding, 0).value();
        Map<String, Object> body = Map.of();
        String path = "/v1/assets/" + asset + "/sidecar";
        Answer first = flooding.post(path, body, "Idempotency-Key", "before the flood");
        flooding.finished(first.text("/job_id"));
        fillTheQueue();
        try {
            Answer refused = flooding.post(path, body);
            ProblemAssert.assertThatProblem(refused).is(429, "queue_full");
            assertThat(refused.response().headers().firstValue("Retry-After"))
                    .hasValueSatisfying(
                            seconds -> assertThat(Long.parseLong(seconds)).isBetween(1L, 1800L));
            assertThat(flooding.post(path, body, "Idempotency-Key", "before the flood").json())
                    .isEqualTo(first.json());
            assertThat(other.sidecarJob(asset(other, 0).value()).text("/status"))
                    .isEqualTo("succeeded");
        } finally {
            jdbc.sql("delete from scheduled_tasks where task_instance like 'flood-%'").update();
            jdbc.sql("delete from launch_turn where org_id = :org").param("org", org).update();
        }
        assertThat(flooding.post(path, body).status()).isEqualTo(202);
    }

    /** A backlog of the org that no worker takes, as its time has not come. */
    private void fillTheQueue() {
        jdbc.sql(
                        """
                        insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version, priority)
                        select 'launch-job', 'flood-' || i, now() + interval '1 day', false, 1, -t.turn - i
                        from generate_series(1, 300000) i, launch_turn t
                        where t.org_id = :org
                        """)
                .param("org", org)
                .update();
        jdbc.sql("update launch_turn set turn = turn + 300000 where org_id = :org")
                .param("org", org)
                .update();
    }

    private JobView view(JobId job) {
        return jobs.find(new OrgId(org), job).orElseThrow();
    }

    private static String ask(Client client, String asset) {
        return client.post("/v1/assets/" + asset + "/sidecar", Map.of()).text("/job_id");
    }

    /** Differs from other files in its last byte, and so is an asset of its own. */
    private static AssetId asset(Client client, int number) {
        try {
            byte[] wav = Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav"));
            byte[] unique = Arrays.copyOf(wav, wav.length + 1);
            unique[wav.length] = (byte) number;
            return new AssetId(Objects.requireNonNull(client.asset(number + ".wav", unique)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
