package io.heimdex.archive.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Client;
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

    @Autowired TestApi api;
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
        return job;
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
