package io.heimdex.archive.job.web;

import io.heimdex.archive.job.JobControl;
import io.heimdex.archive.problem.HeimdexException;
import org.jspecify.annotations.Nullable;

/**
 * Which assets of a job are to be done again.
 *
 * @param only {@code failed_items} (as when absent) or {@code unfinished}
 */
record RestartRequest(@Nullable String orgId, @Nullable String only) {

    JobControl.Only what() {
        return switch (only) {
            case null -> JobControl.Only.FAILED_ITEMS;
            case "failed_items" -> JobControl.Only.FAILED_ITEMS;
            case "unfinished" -> JobControl.Only.UNFINISHED;
            default ->
                    throw HeimdexException.invalidField(
                            "only", "must be failed_items or unfinished");
        };
    }
}
