package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.asset.FoundFiles;
import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.job.Fence;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.job.Worker;
import io.heimdex.archive.pipeline.MadeEarlier.Work;
import io.heimdex.archive.sidecar.SidecarPublisher;
import io.heimdex.archive.sidecar.Sidecars;
import io.heimdex.archive.thumbnail.Thumbnails;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes the readers and writers of steps that go through a job's assets. */
@Component
class StepParts {

    private final PlatformTransactionManager transactions;
    private final TransactionTemplate ownTransaction;
    private final Worker worker;
    private final Fence fence;
    private final JobItems items;
    private final FoundFiles files;
    private final Assets assets;
    private final MadeEarlier earlier;
    private final Sidecars sidecars;
    private final SidecarPublisher publisher;
    private final Thumbnails thumbnails;
    private final PictureResults pictures;
    private final Leftovers leftovers;

    StepParts(
            PlatformTransactionManager transactions,
            Worker worker,
            Fence fence,
            JobItems items,
            FoundFiles files,
            Assets assets,
            MadeEarlier earlier,
            Sidecars sidecars,
            SidecarPublisher publisher,
            Thumbnails thumbnails,
            PictureResults pictures,
            Leftovers leftovers) {
        this.transactions = transactions;
        this.ownTransaction = new TransactionTemplate(transactions);
        this.ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.worker = worker;
        this.fence = fence;
        this.items = items;
        this.files = files;
        this.assets = assets;
        this.earlier = earlier;
        this.sidecars = sidecars;
        this.publisher = publisher;
        this.thumbnails = thumbnails;
        this.pictures = pictures;
        this.leftovers = leftovers;
    }

    QueuedAssetReader reader(StepExecution step, RunOptions options, Work work, int pageSize) {
        return new QueuedAssetReader(
                step,
                new RunBrakes(
                        JobScope.of(step.getJobParameters()), options, items, worker, transactions),
                fence,
                items,
                assets,
                earlier,
                work,
                ownTransaction,
                pageSize);
    }

    ItemWriter<ProbedAsset> writer(StepExecution step, Work work) {
        return switch (work) {
            case SIDECARS -> sidecarWriter(step);
            case PICTURES -> pictureWriter(step);
        };
    }

    SidecarWriter sidecarWriter(StepExecution step) {
        return new SidecarWriter(
                JobScope.of(step.getJobParameters()),
                sidecars,
                publisher,
                thumbnails,
                files,
                assets,
                items,
                leftovers);
    }

    PictureWriter pictureWriter(StepExecution step) {
        return new PictureWriter(JobScope.of(step.getJobParameters()), pictures);
    }
}
