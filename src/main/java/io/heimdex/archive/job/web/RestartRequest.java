package io.heimdex.archive.job.web;

import io.heimdex.archive.job.Redo;
import io.heimdex.archive.job.Redo.Only;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which assets of a job are to be done again.
 *
 * @param only {@code failed_items} (as when absent) or {@code unfinished}
 * @param failureCodes of the failed assets only those that failed with one of these codes; the
 *     others stay as they are
 * @param dryRun only tell how many it would take
 */
record RestartRequest(
        @Nullable String orgId,
        @Nullable Only only,
        @Size(min = 1, max = 100) @Nullable List<@NotNull String> failureCodes,
        @Nullable Boolean dryRun) {

    static final RestartRequest EMPTY = new RestartRequest(null, null, null, null);

    Redo redo() {
        Only which = only == null ? Only.FAILED_ITEMS : only;
        if (failureCodes != null && which == Only.UNFINISHED) {
            throw HeimdexException.invalidField(
                    "failure_codes", "goes with only: failed_items only");
        }
        return new Redo(which, failureCodes == null ? List.of() : codes(failureCodes));
    }

    private static List<ErrorCode> codes(List<String> names) {
        return names.stream()
                .map(name ->
                        ErrorCode.find(name)
                                .orElseThrow(() ->
                                        HeimdexException.invalidField(
                                                "failure_codes",
                                                "names a code that does not exist")))
                .distinct()
                .toList();
    }
}
