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
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What becomes of a job that ends its workers at its beginning, once nobody tries it again. */
@ServiceTest
class GivenUpTests {

    @Autowired TestApi api;
    @Autowired TestWorker worker;
    @Autowired JobLauncher launcher;
    @Autowired JobRepository repository;
    @Autowired JdbcClient jdbc;

    private final String org = TestApi.newOrg();

    @AfterEach
    void thisNodeWorksAgain() {
        worker.resume();
    }

    @Test
    void itHasFailedAndIsAnOperatorsAgain() throws IOException {
        Client client = api.as(org);
        String asset = client.asset("clip.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4")));
        worker.pause();
        String job = client.post("/v1/assets/" + asset + "/sidecar", Map.of()).text("/job_id");
        left(job);
        jdbc.sql("delete from scheduled_tasks where task_instance = ?").param(job).update();
        assertThat(client.get("/v1/jobs/" + job).text("/status")).isEqualTo("running");

        launcher.giveUp(new JobId(UUID.fromString(job)));

        assertThat(client.get("/v1/jobs/" + job).text("/status")).isEqualTo("failed");
        worker.resume();
        assertThat(client.post("/v1/jobs/" + job + "/restart", "").status()).isEqualTo(202);
        assertThat(client.finished(job).text("/status")).isEqualTo("succeeded");
    }

    /** As a worker leaves its execution that dies. */
    private void left(String job) {
        JobParameters parameters =
                new JobParametersBuilder()
                        .addString("job_id", job)
                        .addString("org_id", org, false)
                        .toJobParameters();
        JobExecution execution =
                repository.createJobExecution(
                        repository.createJobInstance("sidecar", parameters),
                        parameters,
                        new ExecutionContext());
        execution.setStatus(BatchStatus.STARTED);
        repository.update(execution);
        jdbc.sql("update job set job_execution_id = ? where job_id = ?::uuid")
                .params(execution.getId(), job)
                .update();
    }
}
