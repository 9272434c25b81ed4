package io.heimdex.archive.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.TestWorker;
import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.pipeline.MadeEarlier.Work;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.thumbnail.ThumbnailPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** An asset that is deleted while a job works on it leaves nothing behind. */
@ServiceTest
class DeletedMeanwhileTests {

    @Autowired TestApi api;
    @Autowired Assets assets;
    @Autowired MadeEarlier earlier;
    @Autowired ProbeProcessor prober;
    @Autowired PictureProcessor photographer;
    @Autowired PictureResults results;
    @Autowired StepParts parts;
    @Autowired TransactionTemplate transaction;
    @Autowired TestWorker thisNode;

    private final OrgId org = new OrgId(TestApi.newOrg());
    private final JobScope job = new JobScope(org, new JobId(UUID.randomUUID()));
    private Client client;
    private String asset;

    @BeforeEach
    void anAsset() throws IOException {
        client = api.as(org.value());
        asset = client.asset("a.mp3", Files.readAllBytes(TestApi.sample("tone-with-cover.mp3")));
    }

    @AfterEach
    void thisNodeWorksAgain() {
        thisNode.resume();
    }

    @Test
    void theCopyOfItsSidecarIsDeletedToo() throws IOException {
        thisNode.pause();
        String requested =
                client.post("/v1/assets/" + asset + "/sidecar", Map.of()).text("/job_id");
        QueuedAsset queued = queued(Work.SIDECARS);
        client.delete("/v1/assets/" + asset);
        ProbedAsset probed = prober.process(queued);
        assertThat(derived()).hasSize(1);

        transaction.executeWithoutResult(
                _ -> parts.sidecarWriter(step(requested)).write(Chunk.of(probed)));

        assertThat(derived()).isEmpty();
    }

    @Test
    void itsPicturesAreDeletedToo() throws IOException {
        client.sidecarJob(asset);
        QueuedAsset queued = queued(Work.PICTURES);
        client.delete("/v1/assets/" + asset);
        ProbedAsset pictured = photographer.process(queued, new ThumbnailPolicy(null, null, 64));
        assertThat(derived()).isNotEmpty();

        transaction.executeWithoutResult(_ -> results.record(job, List.of(pictured)));

        assertThat(derived()).isEmpty();
    }

    private QueuedAsset queued(Work work) {
        AssetId id = new AssetId(asset);
        return new QueuedAsset(
                org,
                1,
                assets.find(org, id).orElseThrow(),
                null,
                earlier.of(org, List.of(id), work).getOrDefault(id, QueuedAsset.Made.NOTHING),
                null);
    }

    private StepExecution step(String requested) {
        JobExecution execution =
                new JobExecution(
                        1,
                        new JobInstance(1, "sidecar"),
                        new JobParametersBuilder()
                                .addString("job_id", requested)
                                .addString("org_id", org.value(), false)
                                .toJobParameters());
        return new StepExecution(1, "probe", execution);
    }

    private List<Path> derived() throws IOException {
        Path folder = Path.of("target/test-data/derived").resolve(org.value());
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
