package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.job.Fence;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.pipeline.MadeEarlier.Work;
import io.heimdex.archive.pipeline.QueuedAsset.Made;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.thumbnail.ThumbnailPolicy;
import io.heimdex.archive.thumbnail.ThumbnailSettings;
import io.heimdex.archive.thumbnail.Thumbnails;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes the pictures of assets whose sidecars the job has made, a page per transaction. That none
 * can be made is told by the sidecar, and no failure of the job.
 */
@Component
class PictureTasklet implements Tasklet {

    /** A worker that is to end waits for a page. */
    private static final int PAGES = 2;

    private final Thumbnails thumbnails;
    private final Assets assets;
    private final JobItems items;
    private final MadeEarlier earlier;
    private final PictureProcessor processor;
    private final PictureResults results;
    private final PicturePolicies policies;
    private final AsyncTaskExecutor executor;
    private final Fence fence;
    private final TransactionTemplate transaction;
    private final int pageSize;

    PictureTasklet(
            Thumbnails thumbnails,
            Assets assets,
            JobItems items,
            MadeEarlier earlier,
            PictureProcessor processor,
            PictureResults results,
            PicturePolicies policies,
            @Qualifier("pictureExecutor") AsyncTaskExecutor executor,
            Fence fence,
            PlatformTransactionManager transactions,
            ThumbnailSettings settings) {
        this.thumbnails = thumbnails;
        this.assets = assets;
        this.items = items;
        this.earlier = earlier;
        this.processor = processor;
        this.results = results;
        this.policies = policies;
        this.executor = executor;
        this.fence = fence;
        this.transaction = new TransactionTemplate(transactions);
        this.pageSize = PAGES * settings.permits();
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) {
        StepExecution step = context.getStepContext().getStepExecution();
        JobScope scope = JobScope.of(step.getJobParameters());
        List<AssetId> next = thumbnails.toMake(scope.org(), scope.job().value(), pageSize);
        if (next.isEmpty()) {
            return RepeatStatus.FINISHED;
        }
        if (items.stopRequested(scope)) {
            step.setTerminateOnly();
            return RepeatStatus.CONTINUABLE;
        }
        ThumbnailPolicy policy = policies.of(scope);
        Map<AssetId, Made> sidecars = earlier.of(scope.org(), next, Work.PICTURES);
        Map<AssetId, Asset> found =
                assets.find(scope.org(), next).stream()
                        .collect(Collectors.toMap(Asset::id, Function.identity()));
        List<Future<ProbedAsset>> work =
                next.stream()
                        .map(id ->
                                new QueuedAsset(
                                        scope.org(),
                                        0,
                                        found.get(id),
                                        null,
                                        sidecars.getOrDefault(id, Made.NOTHING),
                                        null))
                        .map(queued -> executor.submit(() -> processor.process(queued, policy)))
                        .toList();
        List<ProbedAsset> made = work.stream().map(PictureTasklet::ended).toList();
        transaction.executeWithoutResult(_ -> {
            fence.hold(step);
            results.record(scope, made);
        });
        contribution.incrementWriteCount(next.size());
        return RepeatStatus.continueIf(next.size() == pageSize);
    }

    private static ProbedAsset ended(Future<ProbedAsset> work) {
        try {
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pictures were made", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("pictures could not be made", e.getCause());
        }
    }
}
