package io.heimdex.archive.pipeline;

import io.heimdex.archive.bulk.RunType;
import io.heimdex.archive.job.Fence;
import io.heimdex.archive.job.JobRecorder;
import io.heimdex.archive.job.Partitions;
import java.util.Map;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;

/**
 * The job that brings the catalogue up to its archive: walk it, identify and probe what is new or
 * changed in partitions, mark what is gone.
 */
@Configuration(proxyBeanMethods = false)
class ScanJobConfiguration {

    @Bean
    Job scanJob(
            JobRepository repository,
            Step walkStep,
            Step probeFilesStep,
            Step missingStep,
            JobRecorder recorder) {
        return new JobBuilder(RunType.SCAN.wireName(), repository)
                .listener(recorder)
                .start(walkStep)
                .next(probeFilesStep)
                .next(missingStep)
                .build();
    }

    /** Commits batches of its own, each in a transaction. */
    @Bean
    Step walkStep(
            JobRepository repository,
            PlatformTransactionManager transactions,
            WalkTasklet walk,
            Fence fence) {
        return new StepBuilder("walk", repository)
                .tasklet(walk, transactions)
                .transactionAttribute(
                        new DefaultTransactionAttribute(
                                TransactionDefinition.PROPAGATION_NOT_SUPPORTED))
                .listener(fence)
                .build();
    }

    @Bean
    Step probeFilesStep(JobRepository repository, Partitions partitions) {
        return new StepBuilder(AssetPartitions.OF_FILES, repository)
                .partitioner(AssetPartitions.OF_FILES, _ -> Map.of())
                .splitter(partitions.splitter(AssetPartitions.OF_FILES))
                .partitionHandler(partitions)
                .allowStartIfComplete(true)
                .build();
    }

    @Bean
    Step missingStep(
            JobRepository repository,
            PlatformTransactionManager transactions,
            MissingTasklet missing,
            Fence fence) {
        return new StepBuilder("missing", repository)
                .tasklet(missing, transactions)
                .listener(fence)
                .build();
    }
}
