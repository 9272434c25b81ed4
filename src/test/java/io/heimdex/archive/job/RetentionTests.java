package io.heimdex.archive.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is forgotten, and what is not. */
@ServiceTest
class RetentionTests {

    private static final String WATCH =
            """
            create table deleted_items (count int);
            create function note_deleted() returns trigger language plpgsql security definer
                as $$ begin insert into deleted_items select count(*) from gone; return null; end $$;
            create trigger note_deleted after delete on job_item referencing old table as gone
                for each statement execute function note_deleted();
            """;

    @Autowired TestApi api;
    @Autowired TestDatabase databases;
    @Autowired Retention retention;
    @Autowired JdbcClient jdbc;

    @Test
    void anEndedJobIsForgottenWithEverythingThatBelongsToIt() throws IOException {
        Client client = api.as(TestApi.newOrg());
        String old = job(client, "old");
        String young = job(client, "young");
        long instance = client.get("/v1/jobs/" + old).json().at("/batch/job_instance_id").asLong();
        age(old, "91 days");
        age(young, "89 days");

        retention.purge();

        assertThat(client.get("/v1/jobs/" + old).code()).isEqualTo("job_not_found");
        assertThat(client.get("/v1/jobs/" + young).text("/status")).isEqualTo("succeeded");
        assertThat(count("batch_job_instance", instance)).isZero();
        assertThat(count("batch_job_execution", instance)).isZero();
        assertThat(count("job_item", old)).isZero();
        assertThat(count("job_item", young)).isEqualTo(1);
    }

    @Test
    void aLargeJobIsForgottenALittleAtATime() throws IOException {
        Client client = api.as(TestApi.newOrg());
        String large = job(client, "large");
        jdbc.sql(
                        """
                        insert into job_item (org_id, job_id, seq, asset_id, outcome)
                        select org_id, job_id, n, 'sha256:' || n, 'succeeded'
                        from job, generate_series(2, 25000) n where job_id = ?
                        """)
                .param(UUID.fromString(large))
                .update();
        age(large, "91 days");
        databases.asOwner().sql(WATCH).update();
        try {
            retention.purge();

            assertThat(
                            databases
                                    .asOwner()
                                    .sql("select count from deleted_items")
                                    .query(Integer.class)
                                    .list())
                    .allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(10_000))
                    .satisfies(counts ->
                            assertThat(counts.stream().mapToInt(count -> count).sum())
                                    .isEqualTo(25_000));
        } finally {
            databases
                    .asOwner()
                    .sql("drop function note_deleted cascade; drop table deleted_items")
                    .update();
        }
        assertThat(client.get("/v1/jobs/" + large).code()).isEqualTo("job_not_found");
    }

    /**
     * Whoever dies in the middle of it leaves a job that is still forgotten, and never restarted.
     */
    @Test
    void aJobThatIsBeingForgottenIsNotRestarted() throws IOException {
        Client client = api.as(TestApi.newOrg());
        String failed =
                client.sidecarJob(
                                client.asset(
                                        "broken.mp4",
                                        Files.readAllBytes(
                                                TestApi.sample("truncated-no-moov.mp4"))))
                        .text("/job_id");
        age(failed, "91 days");

        retention.takeOldJobs();

        assertThat(client.post("/v1/jobs/" + failed + "/restart", "").code())
                .isEqualTo("job_not_restartable");
        retention.purge();
        assertThat(client.get("/v1/jobs/" + failed).code()).isEqualTo("job_not_found");
    }

    @Test
    void anOldJobThatHasNotEndedIsKept() throws IOException {
        Client client = api.as(TestApi.newOrg());
        String running = job(client, "running");
        age(running, "91 days");
        jdbc.sql(
                        "update batch_job_execution set status = 'STARTED' where job_execution_id ="
                                + " (select job_execution_id from job where job_id = :job)")
                .param("job", UUID.fromString(running))
                .update();

        retention.purge();

        assertThat(client.get("/v1/jobs/" + running).text("/status")).isEqualTo("running");
    }

    @Test
    void anIdempotencyKeyIsFreeAfterADay() throws IOException {
        Client client = api.as(TestApi.newOrg());
        String old = job(client, "a-day-old");
        String young = job(client, "new");
        age(old, "25 hours");

        retention.purge();

        assertThat(key(old)).isFalse();
        assertThat(key(young)).isTrue();
    }

    @Test
    void turnsStartAnewOnceTheyAreManyAndNothingWaits() {
        jdbc.sql("insert into launch_turn values ('scheduled_tasks', 'counted far', 2000000000)")
                .update();
        jdbc.sql(
                        """
                        insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
                        values ('launch-job', 'waits', now() + interval '1 day', false, 1)
                        """)
                .update();

        retention.purge();
        assertThat(farTurns()).isEqualTo(1);

        jdbc.sql("delete from scheduled_tasks where task_instance = 'waits'").update();
        retention.purge();
        assertThat(farTurns()).isZero();
    }

    private int farTurns() {
        return jdbc.sql("select count(*) from launch_turn where org_id = 'counted far'")
                .query(Integer.class)
                .single();
    }

    private String job(Client client, String key) throws IOException {
        String asset =
                client.asset("a.wav", Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav")));
        String job =
                client.post("/v1/assets/" + asset + "/sidecar", Map.of(), "Idempotency-Key", key)
                        .text("/job_id");
        client.finished(job);
        // Spring Batch writes an execution's end twice.
        await().until(() -> !launching(job));
        return job;
    }

    private boolean launching(String job) {
        return jdbc.sql("select exists (select from job_launch where job_id = ?::uuid)")
                .param(job)
                .query(Boolean.class)
                .single();
    }

    private void age(String job, String age) {
        jdbc.sql(
                        """
                        with j as (update job set requested_at = now() - :age::interval
                                   where job_id = :job returning job_execution_id)
                        update batch_job_execution set end_time = (now() - :age::interval) at time zone 'UTC'
                        where job_execution_id in (select job_execution_id from j)
                        """)
                .param("age", age)
                .param("job", UUID.fromString(job))
                .update();
    }

    private int count(String table, long instance) {
        return jdbc.sql("select count(*) from " + table + " where job_instance_id = :instance")
                .param("instance", instance)
                .query(Integer.class)
                .single();
    }

    private int count(String table, String job) {
        return jdbc.sql("select count(*) from " + table + " where job_id = :job")
                .param("job", UUID.fromString(job))
                .query(Integer.class)
                .single();
    }

    private boolean key(String job) {
        return jdbc.sql("select idempotency_key is not null from job where job_id = :job")
                .param("job", UUID.fromString(job))
                .query(Boolean.class)
                .single();
    }
}
