package io.heimdex.archive.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.TestWorker;
import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.pipeline.MadeEarlier.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.OptimisticLockingFailureException;

/** What a worker that slept through its takeover may still do to assets: nothing. */
@ServiceTest
class StaleClaimTests {

    @Autowired TestApi api;
    @Autowired TestWorker thisNode;
    @Autowired StepParts parts;
    @Autowired JobRepository repository;
    @Autowired JobOperator operator;

    private final String org = TestApi.newOrg();
    private Client client;
    private String asset;
    private StepExecution step;

    @BeforeEach
    void aJobWhoseStepRuns() throws IOException {
        thisNode.pause();
        client = api.as(org);
        asset = client.asset("a.wav", Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav")));
        String job = client.post("/v1/assets/" + asset + "/sidecar", Map.of()).text("/job_id");
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
        step = repository.createStepExecution("probe", execution);
        step.setStatus(BatchStatus.STARTED);
        repository.update(step);
    }

    @AfterEach
    void thisNodeWorksAgain() {
        thisNode.resume();
    }

    @Test
    void theOwnerClaimsAndGivesBack() {
        QueuedAssetReader reader = reader();

        assertThat(reader.read()).isNotNull();

        assertThat(status()).isEqualTo("processing");
        step.setStatus(BatchStatus.STOPPED);
        reader.afterStep(step);
        assertThat(status()).isEqualTo("queued");
    }

    @Test
    void whoWasTakenOverClaimsNothing() {
        takeOver();

        assertThatThrownBy(() -> reader().read())
                .isInstanceOf(OptimisticLockingFailureException.class);

        assertThat(status()).isEqualTo("queued");
    }

    @Test
    void whoWasTakenOverGivesNothingBackThatAnotherHasInHand() {
        QueuedAssetReader sleeper = reader();
        sleeper.read();
        StepExecution slept = step;
        takeOver();
        step = repository.createStepExecution("probe", step.getJobExecution());
        assertThat(reader().read()).isNotNull();

        slept.setStatus(BatchStatus.FAILED);
        sleeper.afterStep(slept);

        assertThat(status()).isEqualTo("processing");
    }

    /** What another worker does to an execution whose worker seems dead. */
    private void takeOver() {
        operator.recover(
                Objects.requireNonNull(repository.getJobExecution(step.getJobExecutionId())));
    }

    private String status() {
        return client.get("/v1/assets/" + asset).text("/status");
    }

    private QueuedAssetReader reader() {
        return parts.reader(step, RunOptions.DEFAULT, Work.SIDECARS, 10);
    }
}
