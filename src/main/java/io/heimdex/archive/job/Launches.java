package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.time.Instant;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Puts jobs into the launch queue. */
final class Launches {

    private Launches() {}

    /**
     * Queues the launch in the current transaction; this node looks at the queue when it commits.
     */
    static void schedule(Scheduler scheduler, JobId job, Instant now) {
        scheduler.schedule(LaunchTask.instance(job), now);
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        scheduler.triggerCheckForDueExecutions();
                    }
                });
    }
}
