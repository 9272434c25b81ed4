package io.heimdex.archive.job;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.partition.PartitionHandler;
import org.springframework.batch.core.partition.StepExecutionSplitter;
import org.springframework.batch.core.partition.support.SimpleStepExecutionSplitter;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Splits a step into ranges of its job's items and has them run by whatever workers there are: each
 * partition is a task of its own. The job's own worker only waits. A partition that has ended has
 * no task any more, whoever ran it.
 */
@Component
public class Partitions implements PartitionHandler {

    private static final Duration FIRST_LOOK = Duration.ofMillis(50);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private static final String OPEN =
            """
            select count(*) from scheduled_partition_tasks
            where task_name = 'run-partition' and task_instance = any(:ids)
            """;

    private final JobRepository repository;
    private final JobItems items;
    private final WorkQueue queue;
    private final Worker worker;
    private final JdbcClient jdbc;

    Partitions(
            JobRepository repository,
            JobItems items,
            WorkQueue queue,
            Worker worker,
            JdbcClient jdbc) {
        this.repository = repository;
        this.items = items;
        this.queue = queue;
        this.worker = worker;
        this.jdbc = jdbc;
    }

    /**
     * Splits the step into the ranges that still have unfinished items; those that an earlier
     * attempt completed come again if an operator reopened some of their items.
     */
    public StepExecutionSplitter splitter(String step) {
        return new StepExecutionSplitter() {
            @Override
            public String getStepName() {
                return step;
            }

            @Override
            public Set<StepExecution> split(StepExecution manager, int gridSize)
                    throws JobExecutionException {
                JobScope scope = JobScope.of(manager.getJobParameters());
                SimpleStepExecutionSplitter splitter =
                        new SimpleStepExecutionSplitter(
                                repository,
                                step,
                                _ ->
                                        items.openRanges(scope).stream()
                                                .collect(
                                                        Collectors.toMap(
                                                                range ->
                                                                        Integer.toString(
                                                                                range.after()),
                                                                ItemRange::toContext)));
                splitter.setAllowStartIfComplete(true);
                return splitter.split(manager, 1);
            }
        };
    }

    @Override
    public Collection<StepExecution> handle(StepExecutionSplitter splitter, StepExecution manager)
            throws Exception {
        Set<StepExecution> parts = splitter.split(manager, 1);
        if (parts.isEmpty()) {
            return parts;
        }
        List<String> ids = parts.stream().map(part -> Long.toString(part.getId())).toList();
        JobScope scope = JobScope.of(manager.getJobParameters());
        queue.add(Lane.PARTITION, scope.org(), ids);
        await(ids.toArray(String[]::new));
        return asTheyEnded(manager.getJobExecution(), parts);
    }

    private void await(String[] ids) throws InterruptedException, JobInterruptedException {
        long begun = System.nanoTime();
        while (jdbc.sql(OPEN).param("ids", ids).query(Integer.class).single() > 0) {
            if (worker.stopping()) {
                throw new JobInterruptedException("the worker is told to stop");
            }
            // Late by a tenth at most, and never by much.
            long pause = (System.nanoTime() - begun) / 10;
            Thread.sleep(
                    Duration.ofNanos(
                            Math.clamp(pause, FIRST_LOOK.toNanos(), LOOK_EVERY.toNanos())));
        }
    }

    private Collection<StepExecution> asTheyEnded(
            JobExecution execution, Collection<StepExecution> parts) throws JobExecutionException {
        JobExecution ended = Objects.requireNonNull(repository.getJobExecution(execution.getId()));
        Map<Long, StepExecution> byId =
                ended.getStepExecutions().stream()
                        .collect(Collectors.toMap(StepExecution::getId, Function.identity()));
        List<StepExecution> asEnded =
                parts.stream().map(part -> Objects.requireNonNull(byId.get(part.getId()))).toList();
        if (asEnded.stream().anyMatch(part -> part.getStatus().isRunning())) {
            throw new JobExecutionException("a partition was dropped before it ended");
        }
        return asEnded;
    }
}
