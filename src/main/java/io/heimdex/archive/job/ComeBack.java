package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a task back that ended early: soon if it ran for a while, and after longer and longer
 * pauses if it fails again and again at its beginning. Then it is given up, which leaves its job as
 * one that failed.
 */
final class ComeBack implements FailureHandler<Void> {

    private static final Logger log = LoggerFactory.getLogger(ComeBack.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(16);
    private static final Duration A_WHILE = Duration.ofSeconds(10);
    private static final int MAX_FAILURES = 20;

    @Override
    public void onFailure(ExecutionComplete ended, ExecutionOperations<Void> task) {
        int failures = ended.getExecution().consecutiveFailures;
        Instant soon = ended.getTimeDone().plus(FIRST_PAUSE);
        if (ended.getDuration().compareTo(A_WHILE) >= 0) {
            // As a success, so that the failures of a long run are not added up.
            Instant begun = ended.getTimeDone().minus(ended.getDuration());
            task.reschedule(
                    ExecutionComplete.success(ended.getExecution(), begun, ended.getTimeDone()),
                    soon);
        } else if (failures >= MAX_FAILURES) {
            log.error(
                    "task {} failed {} times in a row and is given up",
                    ended.getExecution().taskInstance,
                    failures + 1);
            task.remove();
        } else {
            task.reschedule(ended, ended.getTimeDone().plus(pause(failures)));
        }
    }

    private static Duration pause(int failures) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MAX_FAILURES));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
