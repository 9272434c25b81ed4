package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.task.DeadExecutionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import io.heimdex.archive.telemetry.Measure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a task back that ended early or whose worker died. One that fails at its beginning waits
 * longer each time and is given up in the end, which leaves its job as one that failed; so is one
 * that ends its workers at its beginning. What ran for a while, and what a worker let go of because
 * it was told to stop, counts as nothing: a long job outlives any number of faults.
 */
final class ComeBack implements FailureHandler<Void>, DeadExecutionHandler<Void> {

    private static final Logger log = LoggerFactory.getLogger(ComeBack.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(16);
    private static final Duration A_WHILE = Duration.ofSeconds(10);
    private static final int MAX_FAILURES = 20;

    private final BooleanSupplier stopping;
    private final Predicate<String> diedAtWork;
    private final Consumer<String> giveUp;
    private final Counter retries;
    private final Counter takeovers;
    private final Counter givenUp;

    /**
     * For the tasks of one kind.
     *
     * @param diedAtWork whether the worker that died with the task was at work on assets, which are
     *     looked after one by one
     * @param giveUp leaves what the task is about as one that failed
     */
    ComeBack(
            BooleanSupplier stopping,
            Predicate<String> diedAtWork,
            Consumer<String> giveUp,
            MeterRegistry meters,
            Lane lane) {
        this.stopping = stopping;
        this.diedAtWork = diedAtWork;
        this.giveUp = giveUp;
        this.retries = Measure.TASK_RETRIES.counter(meters, lane.tag());
        this.takeovers = Measure.TASK_TAKEOVERS.counter(meters, lane.tag());
        this.givenUp = Measure.TASKS_GIVEN_UP.counter(meters, lane.tag());
    }

    @Override
    public void onFailure(ExecutionComplete ended, ExecutionOperations<Void> task) {
        retries.increment();
        if (stopping.getAsBoolean() || ended.getDuration().compareTo(A_WHILE) >= 0) {
            startCountingAnew(ended, task, FIRST_PAUSE);
        } else {
            count(ended, task, pause(ended.getExecution().consecutiveFailures));
        }
    }

    @Override
    public void deadExecution(ExecutionComplete ended, ExecutionOperations<Void> task) {
        log.info("the worker of {} is dead", ended.getExecution());
        takeovers.increment();
        if (diedAtWork.test(ended.getExecution().taskInstance.getId())) {
            startCountingAnew(ended, task, Duration.ZERO);
        } else {
            count(ended, task, Duration.ZERO);
        }
    }

    /** As a success, which is what sets the count back. */
    private static void startCountingAnew(
            ExecutionComplete ended, ExecutionOperations<Void> task, Duration pause) {
        Instant done = ended.getTimeDone();
        task.reschedule(
                ExecutionComplete.success(ended.getExecution(), done, done), done.plus(pause));
    }

    private void count(ExecutionComplete ended, ExecutionOperations<Void> task, Duration pause) {
        Execution execution = ended.getExecution();
        if (execution.consecutiveFailures < MAX_FAILURES) {
            task.reschedule(ended, ended.getTimeDone().plus(pause));
            return;
        }
        log.error(
                "task {} failed {} times in a row and is given up",
                execution.taskInstance,
                execution.consecutiveFailures + 1);
        givenUp.increment();
        giveUp.accept(execution.taskInstance.getId());
        task.remove();
    }

    private static Duration pause(int failures) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MAX_FAILURES));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
