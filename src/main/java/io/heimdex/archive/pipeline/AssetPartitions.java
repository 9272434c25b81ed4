package io.heimdex.archive.pipeline;

import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.bulk.RunSpecs;
import io.heimdex.archive.job.Fence;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.job.PartitionedStep;
import io.heimdex.archive.pipeline.MadeEarlier.Work;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.quota.AssetBudget;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.telemetry.Trail;
import io.heimdex.archive.thumbnail.ThumbnailPolicy;
import io.heimdex.archive.thumbnail.ThumbnailSettings;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import java.util.Set;
import org.springframework.batch.core.listener.StepListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/** Works on a range of a run's assets, in chunks, with the run's own options. */
@Component
class AssetPartitions implements PartitionedStep {

    static final String OF_ASSETS = "probe-assets";
    static final String OF_FILES = "probe-files";
    static final String OF_PICTURES = "picture-assets";

    private final JobRepository repository;
    private final PlatformTransactionManager transactions;
    private final PipelineSettings settings;
    private final ProbeSettings probes;
    private final ThumbnailSettings pictures;
    private final MediaStore store;
    private final RunSpecs specs;
    private final Fence fence;
    private final StepParts parts;
    private final AssetBudget budget;
    private final ProbeProcessor prober;
    private final PictureProcessor photographer;
    private final Suspects suspects;
    private final Trail trail;
    private final ObservationRegistry observations;

    AssetPartitions(
            JobRepository repository,
            PlatformTransactionManager transactions,
            PipelineSettings settings,
            ProbeSettings probes,
            ThumbnailSettings pictures,
            MediaStore store,
            RunSpecs specs,
            Fence fence,
            StepParts parts,
            AssetBudget budget,
            ProbeProcessor prober,
            PictureProcessor photographer,
            Suspects suspects,
            Trail trail,
            ObservationRegistry observations) {
        this.repository = repository;
        this.transactions = transactions;
        this.settings = settings;
        this.probes = probes;
        this.pictures = pictures;
        this.store = store;
        this.specs = specs;
        this.fence = fence;
        this.parts = parts;
        this.budget = budget;
        this.prober = prober;
        this.photographer = photographer;
        this.suspects = suspects;
        this.trail = trail;
        this.observations = observations;
    }

    @Override
    public Set<String> names() {
        return Set.of(OF_ASSETS, OF_FILES, OF_PICTURES);
    }

    @Override
    public Step forPartition(StepExecution partition) {
        RunOptions options = specs.of(JobScope.of(partition.getJobParameters())).options();
        // A partition's name begins with its step's.
        Work work = partition.getStepName().startsWith(OF_PICTURES) ? Work.PICTURES : Work.SIDECARS;
        int chunkSize = Objects.requireNonNullElse(options.chunkSize(), settings.chunkSize());
        QueuedAssetReader reader = parts.reader(partition, options, work, chunkSize);
        return new StepBuilder(partition.getStepName(), repository)
                .<QueuedAsset, ProbedAsset>chunk(chunkSize)
                .transactionManager(transactions)
                .reader(reader)
                .processor(suspects.around(processor(work, options)))
                .taskExecutor(
                        SidecarJobConfiguration.executor(
                                "probe-",
                                Objects.requireNonNullElseGet(
                                        options.concurrency(), () -> concurrency(work)),
                                trail))
                .writer(parts.writer(partition, work))
                .listener((StepListener) reader)
                .listener((StepListener) fence)
                .observationRegistry(observations)
                .allowStartIfComplete(true)
                .build();
    }

    private ItemProcessor<QueuedAsset, ProbedAsset> processor(Work work, RunOptions options) {
        return switch (work) {
            case SIDECARS ->
                    queued ->
                            queued.file() != null && budget.exhaustedLately(queued.org())
                                    ? notTaken(queued)
                                    : prober.process(queued, options);
            case PICTURES -> queued -> photographer.process(queued, ThumbnailPolicy.USUAL);
        };
    }

    /** A file that may be a new asset, of an org that may have no more. */
    private ProbedAsset notTaken(QueuedAsset queued) {
        HeimdexException refusal = budget.refusal(queued.org());
        return new ProbedAsset.Failed(queued, refusal.code(), refusal.detail());
    }

    private int concurrency(Work work) {
        return switch (work) {
            case SIDECARS -> store.remote() ? probes.remoteConcurrency() : probes.permits();
            case PICTURES -> pictures.permits();
        };
    }
}
