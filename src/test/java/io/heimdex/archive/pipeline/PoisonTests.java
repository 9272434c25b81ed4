package io.heimdex.archive.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.TestWorker;
import io.heimdex.archive.asset.SidecarRequests;
import io.heimdex.archive.job.ItemRange;
import io.heimdex.archive.job.JobItem;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.pipeline.ProbedAsset.Failed;
import io.heimdex.archive.pipeline.QueuedAsset.Suspicion;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An asset that kills its workers is found and given up, and its neighbours are not. */
@ServiceTest
class PoisonTests {

    private static final int ASSETS = 5;
    private static final int PAGE = 3;

    @Autowired TestApi api;
    @Autowired TestWorker worker;
    @Autowired SidecarRequests requests;
    @Autowired JobItems items;
    @Autowired Suspects suspects;
    @Autowired JdbcClient jdbc;

    private final OrgId org = new OrgId(TestApi.newOrg());
    private Client client;
    private JobScope job;

    @BeforeEach
    void aJobThatNobodyWorksOn() throws IOException {
        worker.pause();
        client = api.as(org.value());
        byte[] wav = Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav"));
        List<AssetId> ids = new ArrayList<>();
        for (int i = 0; i < ASSETS; i++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(wav);
            bytes.write((org.value() + i).getBytes(StandardCharsets.UTF_8));
            ids.add(new AssetId(client.asset(i + ".wav", bytes.toByteArray())));
        }
        job = new JobScope(org, requests.forMany(org, ids, "test"));
    }

    @AfterEach
    void thisNodeWorksAgain() {
        worker.resume();
    }

    @Test
    void theWholePageOfADeadWorkerIsSuspectedAndNothingElse() {
        assertThat(claim(1)).containsExactly(0, 0, 0);

        assertThat(claim(2)).containsExactly(1, 1, 1);
        assertThat(items.claim(job, 2, new ItemRange(PAGE, ASSETS), PAGE))
                .extracting(JobItem::crashes)
                .containsOnly(0);
    }

    @Test
    void ofSuspectsOnlyTheOneInHandIsCounted() {
        claim(1);
        claim(2);
        items.take(job, 2, 2);

        assertThat(claim(3)).containsExactly(1, 2, 1);
        assertThat(claim(4)).containsExactly(1, 2, 1);
    }

    @Test
    void whatAWorkerLetGoIsNotSuspected() {
        claim(1);
        items.letGo(job, 1, List.of(1, 3));

        assertThat(claim(2)).containsExactly(0, 1, 0);
    }

    @Test
    void whoWasTakenOverLetsNothingGoThatAnotherHas() {
        claim(1);
        claim(2);
        items.take(job, 2, 1);
        items.letGo(job, 1, List.of(1, 2, 3));

        assertThat(claim(3)).containsExactly(2, 1, 1);
    }

    @Test
    void aSuspectThatAnotherWorkerHasIsNotTaken() {
        claim(1);
        claim(2);
        items.take(job, 2, 1);

        assertThatThrownBy(() -> items.take(job, 1, 1))
                .isInstanceOf(OptimisticLockingFailureException.class);
    }

    @Test
    void anAssetInHandAtThreeCrashesIsGivenUpAndTheRunEnds() {
        crashThriceOn(2);

        worker.resume();

        Answer ended = client.finished(job.job().toString());
        assertThat(ended.text("/status")).isEqualTo("succeeded");
        assertThat(ended.json().at("/result/counts/succeeded").asInt()).isEqualTo(ASSETS - 1);
        Answer failures = client.get("/v1/jobs/" + job.job() + "/failures");
        assertThat(failures.json().path("items")).hasSize(1);
        assertThat(failures.json().at("/items/0/seq").asInt()).isEqualTo(2);
        assertThat(failures.text("/items/0/code")).isEqualTo("prober_crashed");
        assertThat(failures.text("/items/0/message")).contains("died three times");
        String asset = failures.text("/items/0/asset_id");
        assertThat(client.get("/v1/assets/" + asset).text("/status")).isEqualTo("failed");
    }

    @Test
    void anOperatorsRestartTriesItAgainWithoutSuspicion() {
        crashThriceOn(2);
        worker.resume();
        client.finished(job.job().toString());

        client.post("/v1/jobs/" + job.job() + "/restart", Map.of("only", "failed_items"));

        Answer ended = client.finished(job.job().toString());
        assertThat(ended.json().at("/result/counts/succeeded").asInt()).isEqualTo(ASSETS);
    }

    @Test
    void suspectsAreProbedOneAtATimeEachMarkedWhileItsProbeLasts() throws Exception {
        claim(1);
        List<JobItem> page = items.claim(job, 2, new ItemRange(0, ASSETS), PAGE);
        List<Integer> markedDuringProbes = Collections.synchronizedList(new ArrayList<>());
        ItemProcessor<QueuedAsset, ProbedAsset> careful =
                suspects.around(queued -> {
                    markedDuringProbes.add(marked());
                    return new Failed(queued, ErrorCode.INVALID_MEDIA, "");
                });

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<ProbedAsset>> probes = new ArrayList<>();
            page.forEach(item -> probes.add(() -> careful.process(suspect(item, 2))));
            for (Future<ProbedAsset> probe : threads.invokeAll(probes)) {
                probe.get();
            }
        }

        assertThat(markedDuringProbes).containsExactly(1, 1, 1);
        assertThat(marked()).isZero();
    }

    @Test
    void afterThreeCrashesThereIsNoProbe() throws Exception {
        QueuedAsset queued =
                suspect(new JobItem(1, new AssetId("sha256:" + "0".repeat(64)), null, 3), 9);

        ProbedAsset result =
                suspects.around(
                                _ -> {
                                    throw new AssertionError("probed");
                                })
                        .process(queued);

        assertThat(result)
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.PROBER_CRASHED));
    }

    private void crashThriceOn(int seq) {
        claim(1);
        claim(2);
        items.take(job, 2, seq);
        claim(3);
        items.take(job, 3, seq);
    }

    private List<Integer> claim(long run) {
        return items.claim(job, run, new ItemRange(0, ASSETS), PAGE).stream()
                .map(JobItem::crashes)
                .toList();
    }

    private QueuedAsset suspect(JobItem item, long run) {
        return new QueuedAsset(
                org,
                item.seq(),
                null,
                null,
                QueuedAsset.Made.NOTHING,
                new Suspicion(job, run, item.crashes()));
    }

    private int marked() {
        return jdbc.sql(
                        "select count(*) from job_item where job_id = :job and taken_by is not null")
                .param("job", job.job().value())
                .query(Integer.class)
                .single();
    }
}
