package io.heimdex.archive.job;

import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * Consecutive items of a job.
 *
 * @param after the place before the first
 * @param last the place of the last
 */
public record ItemRange(int after, int last) {

    private static final String AFTER = "after";
    private static final String LAST = "last";

    /** The range of a partition, or everything for a step that has no partitions. */
    public static ItemRange of(ExecutionContext context) {
        return new ItemRange(
                (int) context.getLong(AFTER, 0), (int) context.getLong(LAST, Integer.MAX_VALUE));
    }

    ExecutionContext toContext() {
        ExecutionContext context = new ExecutionContext();
        context.putLong(AFTER, after);
        context.putLong(LAST, last);
        return context;
    }
}
