package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.heimdex.archive.problem.SnakeCase;

/**
 * A queue of work with threads of its own on every worker, so that one kind never waits for
 * another.
 */
enum Lane {
    /** Jobs about one asset: somebody waits for each. The service's own chores are short too. */
    SINGLE("scheduled_tasks", "launch-job"),
    /** Jobs about many assets. Most of the time each waits for its partitions. */
    BULK("scheduled_bulk_tasks", "launch-job"),
    /** The parts that jobs about many assets are split into. */
    PARTITION("scheduled_partition_tasks", "run-partition");

    private final String table;
    private final String task;

    Lane(String table, String task) {
        this.table = table;
        this.task = task;
    }

    /** The lane of a job. */
    static Lane of(boolean aboutOneAsset) {
        return aboutOneAsset ? SINGLE : BULK;
    }

    /** As the tag of a meter. */
    String tag() {
        return SnakeCase.of(this);
    }

    /** Its table of db-scheduler. */
    String table() {
        return table;
    }

    /** What is done in it, as db-scheduler knows it. */
    TaskDescriptor<Void> task() {
        return TaskDescriptor.of(task);
    }
}
