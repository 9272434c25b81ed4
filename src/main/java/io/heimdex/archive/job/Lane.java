package io.heimdex.archive.job;

/**
 * A queue of work with threads of its own on every worker, so that one kind never waits for
 * another.
 */
enum Lane {
    /** Jobs about one asset: somebody waits for each. The service's own chores are short too. */
    SINGLE("scheduled_tasks"),
    /** Jobs about many assets. */
    BULK("scheduled_bulk_tasks");

    private final String table;

    Lane(String table) {
        this.table = table;
    }

    /** The lane of a job. */
    static Lane of(boolean aboutOneAsset) {
        return aboutOneAsset ? SINGLE : BULK;
    }

    /** Its table of db-scheduler. */
    String table() {
        return table;
    }
}
