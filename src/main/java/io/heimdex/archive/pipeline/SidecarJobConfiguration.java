package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.asset.SidecarRequests;
import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.job.Fence;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobRecorder;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.job.Worker;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.sidecar.Sidecars;
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
import org.springframework.transaction.support.TransactionTemplate;

/** The job that probes assets and writes their sidecars. */
@Configuration(proxyBeanMethods = false)
class SidecarJobConfiguration {

    @Bean
    Job sidecarJob(JobRepository repository, Step probeStep, JobRecorder recorder) {
        return new JobBuilder(SidecarRequests.JOB_TYPE, repository)
                .listener(recorder)
                .start(probeStep)
                .build();
    }

    @Bean
    Step probeStep(
            JobRepository repository,
            PlatformTransactionManager transactions,
            PipelineSettings settings,
            @Qualifier("probeExecutor") AsyncTaskExecutor probeExecutor,
            QueuedAssetReader reader,
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
    QueuedAssetReader queuedAssetReader(
            @Value("#{stepExecution}") StepExecution step,
            Worker worker,
            Fence fence,
            JobItems items,
            Assets assets,
            PlatformTransactionManager transactions,
            PipelineSettings settings) {
        TransactionTemplate ownTransaction = new TransactionTemplate(transactions);
        ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        return new QueuedAssetReader(
                step,
                new RunBrakes(
                        JobScope.of(step.getJobParameters()),
                        RunOptions.DEFAULT,
                        items,
                        worker,
                        transactions),
                fence,
                items,
                assets,
                ownTransaction,
                settings.chunkSize());
    }

    @Bean
    @StepScope
    SidecarWriter sidecarWriter(
            @Value("#{stepExecution}") StepExecution step,
            Sidecars sidecars,
            Assets assets,
            JobItems items) {
        return new SidecarWriter(JobScope.of(step.getJobParameters()), sidecars, assets, items);
    }

    /** Probes of one chunk run side by side; the prober itself bounds how many run on this node. */
    @Bean(defaultCandidate = false)
    @Qualifier("probeExecutor")
    AsyncTaskExecutor probeExecutor(ProbeSettings settings) {
        SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("probe-");
        executor.setVirtualThreads(true);
        executor.setConcurrencyLimit(settings.permits());
        return executor;
    }
}
