package io.heimdex.archive.job;

import io.heimdex.archive.telemetry.LogContext;
import io.heimdex.archive.telemetry.Measure;
import io.heimdex.archive.telemetry.Trail;
import io.heimdex.archive.tenancy.Reach;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.stereotype.Component;

/**
 * Runs a partition on the calling thread, which holds the partition's task. A partition whose
 * worker died goes on from its last committed chunk, in the same step execution: its first update
 * changes the version, which is what keeps the earlier worker, if it only slept, from committing.
 */
@Component
class PartitionRunner {

    private static final Logger log = LoggerFactory.getLogger(PartitionRunner.class);

    private final JobRepository repository;
    private final ObjectProvider<PartitionedStep> steps;
    private final JobItems items;
    private final Trail trail;

    PartitionRunner(
            JobRepository repository,
            ObjectProvider<PartitionedStep> steps,
            JobItems items,
            Trail trail) {
        this.repository = repository;
        this.steps = steps;
        this.items = items;
        this.trail = trail;
    }

    /**
     * Runs the partition to its end, or as far as it gets.
     *
     * @throws UnfinishedJobException if it has to be run again
     */
    void run(long id) {
        StepExecution partition;
        try {
            partition = repository.getStepExecution(id);
        } catch (EmptyResultDataAccessException e) {
            log.info("partition {} is forgotten; its task is dropped", id);
            return;
        }
        if (partition == null
                || !partition.getJobExecution().isRunning()
                || partition.getStatus() == BatchStatus.COMPLETED) {
            log.info("partition {} is not wanted any more; its task is dropped", id);
            return;
        }
        JobScope scope = JobScope.of(partition.getJobParameters());
        try (LogContext _ = LogContext.job(scope.org(), scope.job().toString())) {
            Reach.ofOrg(
                    scope.org(),
                    () ->
                            trail.followed(
                                    items.traceParent(scope),
                                    Measure.TASK,
                                    Lane.PARTITION.tag(),
                                    () -> run(partition, scope)));
        }
    }

    private void run(StepExecution partition, JobScope scope) {
        partition.setExitStatus(ExitStatus.EXECUTING);
        try {
            step(partition).forPartition(partition).execute(partition);
        } catch (JobInterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (partition.getStatus() != BatchStatus.COMPLETED && !items.stopRequested(scope)) {
            throw new UnfinishedJobException("partition", partition.getId(), partition.getStatus());
        }
    }

    private PartitionedStep step(StepExecution partition) {
        String name = partition.getStepName();
        String step = name.substring(0, Math.max(0, name.indexOf(':')));
        return steps.stream()
                .filter(known -> known.names().contains(step))
                .findAny()
                .orElseThrow(() ->
                        new IllegalStateException("this node knows no step of partition " + name));
    }
}
