package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.SidecarRequests;
import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.job.Fence;
import io.heimdex.archive.job.JobRecorder;
import io.heimdex.archive.pipeline.MadeEarlier.Work;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.telemetry.Trail;
import io.heimdex.archive.tenancy.Reach;
import io.heimdex.archive.thumbnail.ThumbnailSettings;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.listener.StepListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;

/** The job that probes assets and writes their sidecars. */
@Configuration(proxyBeanMethods = false)
class SidecarJobConfiguration {

    @Bean
    Job sidecarJob(
            JobRepository repository, Step probeStep, Step pictureStep, JobRecorder recorder) {
        return new JobBuilder(SidecarRequests.JOB_TYPE, repository)
                .listener(recorder)
                .start(probeStep)
                .next(pictureStep)
                .build();
    }

    @Bean
    Step probeStep(
            JobRepository repository,
            PlatformTransactionManager transactions,
            PipelineSettings settings,
            @Qualifier("probeExecutor") AsyncTaskExecutor probeExecutor,
            @Qualifier("probeReader") QueuedAssetReader reader,
            ProbeProcessor processor,
            Suspects suspects,
            SidecarWriter writer,
            Fence fence) {
        return new StepBuilder("probe", repository)
                .<QueuedAsset, ProbedAsset>chunk(settings.chunkSize())
                .transactionManager(transactions)
                .reader(reader)
                .processor(suspects.around(processor))
                .taskExecutor(probeExecutor)
                .writer(writer)
                .listener((StepListener) reader)
                .listener((StepListener) fence)
                // A restart reads what has no outcome yet, whether or not the step once came to its
                // end.
                .allowStartIfComplete(true)
                .build();
    }

    @Bean
    @StepScope
    QueuedAssetReader probeReader(
            @Value("#{stepExecution}") StepExecution step,
            StepParts parts,
            PipelineSettings settings) {
        return parts.reader(step, RunOptions.DEFAULT, Work.SIDECARS, settings.chunkSize());
    }

    @Bean
    @StepScope
    SidecarWriter sidecarWriter(@Value("#{stepExecution}") StepExecution step, StepParts parts) {
        return parts.sidecarWriter(step);
    }

    /** Commits pages of its own, so that no transaction stays open while pictures are taken. */
    @Bean
    Step pictureStep(
            JobRepository repository,
            PlatformTransactionManager transactions,
            PictureTasklet pictures,
            Fence fence) {
        return new StepBuilder("pictures", repository)
                .tasklet(pictures, transactions)
                .transactionAttribute(
                        new DefaultTransactionAttribute(
                                TransactionDefinition.PROPAGATION_NOT_SUPPORTED))
                .listener(fence)
                .allowStartIfComplete(true)
                .build();
    }

    /** Probes of one chunk run side by side; the prober itself bounds how many run on this node. */
    @Bean(defaultCandidate = false)
    @Qualifier("probeExecutor")
    AsyncTaskExecutor probeExecutor(ProbeSettings settings, Trail trail) {
        return executor("probe-", settings.permits(), trail);
    }

    /** The thumbnailer itself bounds how many run on this node. */
    @Bean(defaultCandidate = false)
    @Qualifier("pictureExecutor")
    AsyncTaskExecutor pictureExecutor(ThumbnailSettings settings, Trail trail) {
        return executor("picture-", settings.permits(), trail);
    }

    static SimpleAsyncTaskExecutor executor(String name, int concurrency, Trail trail) {
        SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor(name);
        executor.setVirtualThreads(true);
        executor.setConcurrencyLimit(concurrency);
        executor.setTaskDecorator(task -> Reach.inherited(trail.inherited(task)));
        return executor;
    }
}
