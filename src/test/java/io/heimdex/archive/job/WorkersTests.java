package io.heimdex.archive.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.SchedulerName;
import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.TestWorker;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** The workers that an org sees, and what of their work. */
@ServiceTest
class WorkersTests {

    @Autowired TestApi api;
    @Autowired TestWorker worker;
    @Autowired JdbcClient jdbc;
    @Autowired SchedulerName self;
    @Autowired Retention retention;
    @Autowired WorkerSettings settings;

    @Autowired
    @Qualifier("queueDataSource")
    DataSource dataSource;

    private final String org = TestApi.newOrg();
    private final String far = "far-" + UUID.randomUUID();

    @BeforeEach
    void thisNodeTakesNothing() {
        worker.pause();
    }

    @AfterEach
    void asItWas() {
        for (Lane lane : Lane.values()) {
            jdbc.sql("delete from " + lane.table() + " where picked_by = ?").param(far).update();
        }
        jdbc.sql("delete from worker where name like 'far-%'").update();
        worker.resume();
    }

    @Test
    void anAdminSeesThisIdleWorkerBeatOnAndOn() {
        Client admin = api.as(org, Scope.ADMIN);
        await().until(() -> !of(admin, self.getName()).isMissingNode());
        JsonNode seen = of(admin, self.getName());

        assertThat(seen.path("state").asString()).isEqualTo("alive");
        assertThat(seen.path("jobs").asInt(-1)).isZero();
        assertThat(seen.path("partitions").asInt(-1)).isZero();
        Instant first = Instant.parse(seen.path("heartbeat_at").asString());
        jdbc.sql("update worker set heartbeat_at = heartbeat_at - interval '1 day' where name = ?")
                .param(self.getName())
                .update();
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        Instant.parse(of(admin, self.getName()).path("heartbeat_at").asString())
                                .isAfter(first));
    }

    @Test
    void aWorkerThatStopsIsNotDeadButGone() {
        Heartbeat heartbeat = new Heartbeat(dataSource, new SchedulerName.Fixed(far), settings);
        Client admin = api.as(org, Scope.ADMIN);

        heartbeat.start();
        await().until(() -> !of(admin, far).isMissingNode());
        heartbeat.stop();

        assertThat(of(admin, far).isMissingNode()).isTrue();
    }

    @Test
    void whoHasNoWorkOfTheOrgIsSeenByAnAdminAlone() {
        enter(far, "1 second", "1 hour", "1 day");

        assertThat(api.as(org, Scope.JOBS_READ).get("/v1/workers").response().body())
                .isEqualTo("{\"items\":[]}");
        assertThat(of(api.as(org, Scope.ADMIN), far).path("state").asString()).isEqualTo("alive");
    }

    @Test
    void aWorkerIsLateAndThenDeadByItsOwnMeasure() {
        enter("far-late-" + org, "1 hour", "1 second", "1 day");
        enter("far-dead-" + org, "1 hour", "1 second", "1 minute");
        Client admin = api.as(org, Scope.ADMIN);

        assertThat(of(admin, "far-late-" + org).path("state").asString()).isEqualTo("late");
        assertThat(of(admin, "far-dead-" + org).path("state").asString()).isEqualTo("dead");
    }

    @Test
    void workInHandIsCountedForItsOwnOrgAlone() throws IOException {
        Client client = api.as(org, Scope.values());
        String asset =
                client.asset("tone.wav", Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav")));
        String job = client.post("/v1/assets/" + asset + "/sidecar", Map.of()).text("/job_id");
        String run =
                client.post("/v1/jobs", Map.of("type", "reprobe", "select", Map.of("which", "all")))
                        .text("/job_id");
        enter(far, "1 second", "1 day", "2 days");
        pick(Lane.SINGLE, job);
        pick(Lane.BULK, run);
        pickPartition(run);

        for (Scope scope : new Scope[] {Scope.JOBS_READ, Scope.ADMIN}) {
            JsonNode seen = of(api.as(org, scope), far);
            assertThat(seen.path("jobs").asInt()).isEqualTo(2);
            assertThat(seen.path("partitions").asInt()).isEqualTo(1);
            assertThat(seen.path("state").asString()).isEqualTo("alive");
        }
        String other = TestApi.newOrg();
        assertThat(of(api.as(other, Scope.JOBS_READ), far).isMissingNode()).isTrue();
        JsonNode ofOther = of(api.as(other, Scope.ADMIN), far);
        assertThat(ofOther.path("jobs").asInt(-1)).isZero();
        assertThat(ofOther.path("partitions").asInt(-1)).isZero();
    }

    @Test
    void aWorkerOfAnOlderVersionIsKnownByItsWork() throws IOException {
        Client client = api.as(org, Scope.values());
        String run =
                client.post("/v1/jobs", Map.of("type", "reprobe", "select", Map.of("which", "all")))
                        .text("/job_id");
        pick(Lane.BULK, run);

        assertThat(of(client, far).path("state").asString()).isEqualTo("alive");
        assertThat(of(client, far).path("jobs").asInt()).isEqualTo(1);
    }

    @Test
    void theDeadAreForgottenInTheEnd() {
        enter(far, "50 minutes", "1 second", "1 minute");
        enter("far-gone-" + org, "70 minutes", "1 second", "1 minute");

        retention.purge();

        Client admin = api.as(org, Scope.ADMIN);
        assertThat(of(admin, far).isMissingNode()).isFalse();
        assertThat(of(admin, "far-gone-" + org).isMissingNode()).isTrue();
    }

    private void enter(String name, String age, String lateAfter, String deadAfter) {
        jdbc.sql(
                        "insert into worker (name, heartbeat_at, late_after, dead_after)"
                                + " values (?, now() - ?::interval, ?::interval, ?::interval)")
                .params(name, age, lateAfter, deadAfter)
                .update();
    }

    /** Far from being dead, so that this node does not revive it. */
    private void pick(Lane lane, String task) {
        int picked =
                jdbc.sql(
                                "update "
                                        + lane.table()
                                        + " set picked = true, picked_by = ?, last_heartbeat = now() + interval '1 hour'"
                                        + " where task_instance = ?")
                        .params(far, task)
                        .update();
        assertThat(picked).isEqualTo(1);
    }

    private void pickPartition(String job) {
        jdbc.sql(
                        """
                        with i as (insert into batch_job_instance values (nextval('batch_job_instance_seq'), 0, 'x', :key)
                                   returning job_instance_id),
                             e as (insert into batch_job_execution
                                   select nextval('batch_job_execution_seq'), 0, job_instance_id, now(), now(), null,
                                          'STARTED'
                                   from i returning job_execution_id),
                             s as (insert into batch_step_execution (step_execution_id, version, step_name,
                                       job_execution_id, create_time, status)
                                   select nextval('batch_step_execution_seq'), 0, 'probe-assets:0', job_execution_id,
                                          now(), 'STARTED'
                                   from e returning step_execution_id),
                             t as (insert into scheduled_partition_tasks (task_name, task_instance, execution_time,
                                       picked, picked_by, last_heartbeat, version)
                                   select 'run-partition', step_execution_id::text, now(), true, :far,
                                          now() + interval '1 hour', 1
                                   from s)
                        update job set job_execution_id = (select job_execution_id from e) where job_id = :job
                        """)
                .param("key", job.substring(0, 32))
                .param("far", far)
                .param("job", UUID.fromString(job))
                .update();
    }

    private static JsonNode of(Client client, String name) {
        Answer answer = client.get("/v1/workers");
        assertThat(answer.status()).isEqualTo(200);
        for (JsonNode one : answer.json().path("items")) {
            if (one.path("name").asString().equals(name)) {
                return one;
            }
        }
        return answer.json().path("nobody");
    }
}
