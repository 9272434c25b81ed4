package io.heimdex.archive.pipeline;

import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.job.Worker;
import io.heimdex.archive.problem.ErrorCode;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What holds a run back: its rate, of which each of its running partitions gets an equal share, and
 * the failures that it may have.
 */
class RunBrakes {

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final JobScope scope;
    private final RunOptions options;
    private final JobItems items;
    private final Worker worker;
    private long nextPage = System.nanoTime();

    /**
     * The chunk's transaction is suspended meanwhile: it is not to stay open while assets are
     * probed.
     */
    private final TransactionTemplate noTransaction;

    RunBrakes(
            JobScope scope,
            RunOptions options,
            JobItems items,
            Worker worker,
            PlatformTransactionManager transactions) {
        this.scope = scope;
        this.options = options;
        this.items = items;
        this.worker = worker;
        this.noTransaction = new TransactionTemplate(transactions);
        noTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
    }

    /**
     * Waits until the next assets may be read.
     *
     * @param limit how many are wanted
     * @return how many may be read; 0 if the run is to stop
     */
    int release(int limit) {
        return Objects.requireNonNull(noTransaction.execute(_ -> await(limit)));
    }

    private int await(int limit) {
        if (!goesOn()) {
            return 0;
        }
        if (options.rateLimit() == null) {
            return limit;
        }
        double share = options.rateLimit() / Math.max(1, items.runningPartitions(scope));
        // A second's worth at most, so that nobody waits long for a stop.
        int page = (int) Math.clamp(share, 1, limit);
        while (System.nanoTime() - nextPage < 0) {
            LockSupport.parkNanos(Math.min(LOOK_EVERY.toNanos(), nextPage - System.nanoTime()));
            if (Thread.currentThread().isInterrupted() || !goesOn()) {
                return 0;
            }
        }
        nextPage =
                Math.max(nextPage, System.nanoTime() - Duration.ofSeconds(1).toNanos())
                        + (long) (page / share * Duration.ofSeconds(1).toNanos());
        return page;
    }

    private boolean goesOn() {
        if (options.maxFailures() != null && items.failed(scope) >= options.maxFailures()) {
            items.giveUp(scope, ErrorCode.TOO_MANY_FAILURES);
        }
        return !worker.stopping() && !items.stopRequested(scope);
    }
}
