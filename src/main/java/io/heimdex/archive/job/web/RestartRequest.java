package io.heimdex.archive.job.web;

import io.heimdex.archive.job.JobControl.Only;
import org.jspecify.annotations.Nullable;

/**
 * Which assets of a job are to be done again.
 *
 * @param only {@code failed_items} (as when absent) or {@code unfinished}
 */
record RestartRequest(@Nullable String orgId, @Nullable Only only) {

    Only what() {
        return only == null ? Only.FAILED_ITEMS : only;
    }
}
