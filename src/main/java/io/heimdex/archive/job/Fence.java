package io.heimdex.archive.job;

import io.heimdex.archive.telemetry.Measure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Keeps out a worker that slept while another took its step over. Whoever recovers or resumes a
 * step raises the version of its execution; Spring Batch compares it in the transaction of each
 * chunk, and this does so for what a step commits beside its chunks. Every step that works on items
 * has it as a listener.
 */
@Component
public class Fence implements StepExecutionListener {

    private static final String HOLD =
            "select version from batch_step_execution where step_execution_id = :id for share";

    private final JdbcClient jdbc;
    private final MeterRegistry meters;

    Fence(JdbcClient jdbc, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.meters = meters;
    }

    /** Whether the step is still its worker's, and then until the caller's transaction ends. */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean holds(StepExecution step) {
        return jdbc.sql(HOLD)
                .param("id", step.getId())
                .query(Integer.class)
                .optional()
                .filter(version -> Objects.equals(version, step.getVersion()))
                .isPresent();
    }

    /**
     * Keeps the step its worker's until the caller's transaction ends.
     *
     * @throws OptimisticLockingFailureException if another worker has taken it over
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void hold(StepExecution step) {
        if (!holds(step)) {
            throw new OptimisticLockingFailureException(
                    "step execution " + step.getId() + " was taken over by another worker");
        }
    }

    /** Makes the counter known before there is anything to count. */
    @Override
    public void beforeStep(StepExecution step) {
        staleCommits(step);
    }

    @Override
    public @Nullable ExitStatus afterStep(StepExecution ended) {
        if (rejected(ended)) {
            staleCommits(ended).increment();
        }
        return null;
    }

    private Counter staleCommits(StepExecution step) {
        return Measure.STALE_COMMITS.counter(meters, PartitionedStep.stepOf(step.getStepName()));
    }

    /** Whether something that the step wanted to commit was refused, as no longer its own. */
    static boolean rejected(StepExecution step) {
        return step.getFailureExceptions().stream().anyMatch(Fence::stale);
    }

    private static boolean stale(@Nullable Throwable failure) {
        return failure != null
                && (failure instanceof OptimisticLockingFailureException
                        || stale(failure.getCause()));
    }
}
