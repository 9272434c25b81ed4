package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.bulk.RunSpecs;
import io.heimdex.archive.job.Fence;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.job.PartitionedStep;
import io.heimdex.archive.job.Worker;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.sidecar.Sidecars;
import io.heimdex.archive.storage.MediaStore;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import java.util.Set;
import org.springframework.batch.core.listener.StepListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Probes a range of a run's assets, in chunks, with the run's own options. */
@Component
class ProbePartitions implements PartitionedStep {

    static final String OF_ASSETS = "probe-assets";
    static final String OF_FILES = "probe-files";

    private final JobRepository repository;
    private final PlatformTransactionManager transactions;
    private final TransactionTemplate ownTransaction;
    private final PipelineSettings settings;
    private final ProbeSettings probeSettings;
    private final MediaStore store;
    private final RunSpecs specs;
    private final Worker worker;
    private final Fence fence;
    private final JobItems items;
    private final Assets assets;
    private final Sidecars sidecars;
    private final ProbeProcessor processor;
    private final Suspects suspects;
    private final ObservationRegistry observations;

    ProbePartitions(
            JobRepository repository,
            PlatformTransactionManager transactions,
            PipelineSettings settings,
            ProbeSettings probeSettings,
            MediaStore store,
            RunSpecs specs,
            Worker worker,
            Fence fence,
            JobItems items,
            Assets assets,
            Sidecars sidecars,
            ProbeProcessor processor,
            Suspects suspects,
            ObjectProvider<ObservationRegistry> observations) {
        this.repository = repository;
        this.transactions = transactions;
        this.ownTransaction = new TransactionTemplate(transactions);
        this.ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.settings = settings;
        this.probeSettings = probeSettings;
        this.store = store;
        this.specs = specs;
        this.worker = worker;
        this.fence = fence;
        this.items = items;
        this.assets = assets;
        this.sidecars = sidecars;
        this.processor = processor;
        this.suspects = suspects;
        this.observations = observations.getIfAvailable(() -> ObservationRegistry.NOOP);
    }

    @Override
    public Set<String> names() {
        return Set.of(OF_ASSETS, OF_FILES);
    }

    @Override
    public Step forPartition(StepExecution partition) {
        JobScope scope = JobScope.of(partition.getJobParameters());
        RunOptions options = specs.of(scope).options();
        int chunkSize = Objects.requireNonNullElse(options.chunkSize(), settings.chunkSize());
        QueuedAssetReader reader =
                new QueuedAssetReader(
                        partition,
                        new RunBrakes(scope, options, items, worker, transactions),
                        fence,
                        items,
                        assets,
                        ownTransaction,
                        chunkSize);
        SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("probe-");
        executor.setVirtualThreads(true);
        executor.setConcurrencyLimit(
                Objects.requireNonNullElseGet(
                        options.concurrency(),
                        () ->
                                store.remote()
                                        ? probeSettings.remoteConcurrency()
                                        : probeSettings.permits()));
        return new StepBuilder(partition.getStepName(), repository)
                .<QueuedAsset, ProbedAsset>chunk(chunkSize)
                .transactionManager(transactions)
                .reader(reader)
                .processor(suspects.around(asset -> processor.process(asset, options)))
                .taskExecutor(executor)
                .writer(new SidecarWriter(scope, sidecars, assets, items))
                .listener((StepListener) reader)
                .listener((StepListener) fence)
                .observationRegistry(observations)
                .allowStartIfComplete(true)
                .build();
    }
}
