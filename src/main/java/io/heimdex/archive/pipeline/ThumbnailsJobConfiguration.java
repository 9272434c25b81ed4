package io.heimdex.archive.pipeline;

import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.bulk.RunSpecs;
import io.heimdex.archive.bulk.RunType;
import io.heimdex.archive.bulk.SelectedAssets;
import io.heimdex.archive.job.Fence;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobRecorder;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.job.Partitions;
import io.heimdex.archive.pipeline.MadeEarlier.Work;
import io.heimdex.archive.thumbnail.ThumbnailPolicy;
import java.util.Map;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.flow.FlowExecutionStatus;
import org.springframework.batch.core.job.flow.JobExecutionDecider;
import org.springframework.batch.core.listener.StepListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The job that makes pictures: of one asset at once, or of those that a run selects, in partitions.
 */
@Configuration(proxyBeanMethods = false)
class ThumbnailsJobConfiguration {

    private static final String ONE = "ONE";
    private static final String RUN = "RUN";

    @Bean
    Job thumbnailsJob(
            JobRepository repository,
            JobItems items,
            Step pictureOneStep,
            Step planPicturesStep,
            Step pictureAssetsStep,
            JobRecorder recorder) {
        JobExecutionDecider which =
                (execution, _) ->
                        new FlowExecutionStatus(
                                items.isAboutOne(JobScope.of(execution.getJobParameters()))
                                        ? ONE
                                        : RUN);
        return new JobBuilder(RunType.THUMBNAILS.wireName(), repository)
                .listener(recorder)
                .start(which)
                .on(ONE)
                .to(pictureOneStep)
                .from(which)
                .on(RUN)
                .to(planPicturesStep)
                .next(pictureAssetsStep)
                .end()
                .build();
    }

    @Bean
    Step pictureOneStep(
            JobRepository repository,
            PlatformTransactionManager transactions,
            @Qualifier("pictureExecutor") AsyncTaskExecutor executor,
            @Qualifier("pictureReader") QueuedAssetReader reader,
            @Qualifier("pictureOne") ItemProcessor<QueuedAsset, ProbedAsset> processor,
            PictureWriter writer,
            Suspects suspects,
            Fence fence) {
        return new StepBuilder("picture", repository)
                .<QueuedAsset, ProbedAsset>chunk(1)
                .transactionManager(transactions)
                .reader(reader)
                .processor(suspects.around(processor))
                .taskExecutor(executor)
                .writer(writer)
                .listener((StepListener) reader)
                .listener((StepListener) fence)
                .allowStartIfComplete(true)
                .build();
    }

    @Bean
    @StepScope
    QueuedAssetReader pictureReader(
            @Value("#{stepExecution}") StepExecution step, StepParts parts) {
        return parts.reader(step, RunOptions.DEFAULT, Work.PICTURES, 1);
    }

    @Bean
    @StepScope
    ItemProcessor<QueuedAsset, ProbedAsset> pictureOne(
            @Value("#{stepExecution}") StepExecution step,
            PictureProcessor processor,
            PicturePolicies policies) {
        ThumbnailPolicy policy = policies.of(JobScope.of(step.getJobParameters()));
        return queued -> processor.process(queued, policy);
    }

    @Bean
    @StepScope
    PictureWriter pictureWriter(@Value("#{stepExecution}") StepExecution step, StepParts parts) {
        return parts.pictureWriter(step);
    }

    @Bean
    Step planPicturesStep(
            JobRepository repository,
            PlatformTransactionManager transactions,
            JobItems items,
            SelectedAssets selected,
            RunSpecs specs,
            Fence fence) {
        return new StepBuilder("plan", repository)
                .tasklet(new PlanTasklet(items, selected, specs, RunType.THUMBNAILS), transactions)
                .listener(fence)
                .build();
    }

    @Bean
    Step pictureAssetsStep(JobRepository repository, Partitions partitions) {
        return new StepBuilder(AssetPartitions.OF_PICTURES, repository)
                .partitioner(AssetPartitions.OF_PICTURES, _ -> Map.of())
                .splitter(partitions.splitter(AssetPartitions.OF_PICTURES))
                .partitionHandler(partitions)
                .allowStartIfComplete(true)
                .build();
    }
}
