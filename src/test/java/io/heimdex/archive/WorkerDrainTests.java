package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.asset.SidecarRequests;
import io.heimdex.archive.ingest.Commits;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobView;
import io.heimdex.archive.job.Jobs;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** What becomes of a long job when its worker is told to stop. */
@ServiceTest
class WorkerDrainTests {

    private static final OrgId ORG = new OrgId("drained");
    private static final int FILES = 400;

    @Autowired TestWorker worker;
    @Autowired TestDatabase databases;
    @Autowired Commits commits;
    @Autowired SidecarRequests requests;
    @Autowired Assets assets;
    @Autowired Jobs jobs;

    @AfterEach
    void thisNodeWorksAgain() {
        worker.resume();
    }

    @Test
    void anotherWorkerGoesOnWhereTheFirstLetGo() throws IOException {
        worker.pause();
        List<AssetId> ids = archive();
        JobId job;
        try (ConfigurableApplicationContext other = otherNode()) {
            assertThat(other.isRunning()).isTrue();
            job = requests.forMany(ORG, ids, "test");
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> view(job).progress().done() > 0);
        }
        JobView left = view(job);
        assertThat(left.progress().done()).isPositive().isLessThan(FILES);
        assertThat(left.status()).isIn(JobView.Status.QUEUED, JobView.Status.RUNNING);
        assertThat(assets.find(ORG, ids))
                .noneMatch(asset -> asset.status() == Asset.Status.PROCESSING);

        worker.resume();

        JobView ended =
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> view(job), view -> view.status().ended());
        assertThat(ended.status()).isEqualTo(JobView.Status.SUCCEEDED);
        assertThat(ended.progress().done()).isEqualTo(FILES);
        assertThat(ended.progress().failed()).isZero();
        assertThat(ended.attempt()).isEqualTo(2);
    }

    private JobView view(JobId job) {
        return jobs.find(ORG, job).orElseThrow();
    }

    /** Files that differ in their last bytes, so that each is an asset. */
    private List<AssetId> archive() throws IOException {
        Path folder = Files.createDirectories(FreshTestData.ARCHIVES.resolve(ORG.value()));
        byte[] wav = Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav"));
        List<AssetId> ids = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(wav);
            bytes.write(new byte[] {(byte) i, (byte) (i >> 8)});
            Path file = Files.write(folder.resolve(i + ".wav"), bytes.toByteArray());
            ids.add(commits.commit(ORG, null, file.toUri().toString(), null).id());
        }
        return ids;
    }

    private ConfigurableApplicationContext otherNode() {
        return new SpringApplicationBuilder(HeimdexApplication.class)
                .run(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--heimdex.data-dir=target/test-data",
                        "--heimdex.local.first-run=false",
                        "--heimdex.archives.drained=target/test-archives/drained",
                        "--heimdex.database.url=" + databases.url(),
                        "--heimdex.database.migration-url=" + databases.migrationUrl(),
                        "--spring.main.register-shutdown-hook=false");
    }
}
