package io.heimdex.archive.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.TestWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whether a worker died at work, which is no fault of the job. */
@ServiceTest
class GotToWorkTests {

    @Autowired TestApi api;
    @Autowired TestWorker worker;
    @Autowired JdbcClient jdbc;
    @Autowired Executions executions;

    @AfterEach
    void thisNodeWorksAgain() {
        worker.resume();
    }

    @Test
    void withAssetsInHandOrAChunkCommittedAndNotBefore() throws IOException {
        Client client = api.as(TestApi.newOrg());
        client.asset("tone.wav", Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav")));
        worker.pause();
        String id =
                client.post(
                                "/v1/jobs",
                                Map.of("type", "reprobe", "select", Map.of("which", "missing")))
                        .text("/job_id");
        JobId job = new JobId(UUID.fromString(id));
        assertThat(executions.gotToWork(job)).isFalse();

        jdbc.sql(
                        "insert into job_item (org_id, job_id, seq, source_uri, taken_by)"
                                + " select org_id, job_id, 1, 'file:///tone.wav', 7 from job where job_id = ?")
                .param(job.value())
                .update();
        assertThat(executions.gotToWork(job)).isTrue();
        jdbc.sql("delete from job_item where job_id = ?").param(job.value()).update();
        assertThat(executions.gotToWork(job)).isFalse();

        worker.resume();
        assertThat(client.finished(id).text("/status")).isEqualTo("succeeded");
        assertThat(executions.gotToWork(job)).isTrue();
    }
}
