package io.heimdex.archive.pipeline;

import io.heimdex.archive.bulk.RunSpecs;
import io.heimdex.archive.bulk.RunType;
import io.heimdex.archive.bulk.SelectedAssets;
import io.heimdex.archive.job.Fence;
import io.heimdex.archive.job.JobItems;
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

/**
 * The job that probes assets of the catalogue again: settle which, then probe them in partitions.
 */
@Configuration(proxyBeanMethods = false)
class ReprobeJobConfiguration {

    @Bean
    Job reprobeJob(
            JobRepository repository, Step planStep, Step probeAssetsStep, JobRecorder recorder) {
        return new JobBuilder(RunType.REPROBE.wireName(), repository)
                .listener(recorder)
                .start(planStep)
                .next(probeAssetsStep)
                .build();
    }

    @Bean
    Step planStep(
            JobRepository repository,
            PlatformTransactionManager transactions,
            JobItems items,
            SelectedAssets selected,
            RunSpecs specs,
            Fence fence) {
        return new StepBuilder("plan", repository)
                .tasklet(new PlanTasklet(items, selected, specs, RunType.REPROBE), transactions)
                .listener(fence)
                .build();
    }

    @Bean
    Step probeAssetsStep(JobRepository repository, Partitions partitions) {
        return new StepBuilder(AssetPartitions.OF_ASSETS, repository)
                .partitioner(AssetPartitions.OF_ASSETS, _ -> Map.of())
                .splitter(partitions.splitter(AssetPartitions.OF_ASSETS))
                .partitionHandler(partitions)
                .allowStartIfComplete(true)
                .build();
    }
}
