package io.heimdex.archive.paging;

import io.heimdex.archive.problem.HeimdexException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param nextCursor where the next part begins, {@code null} at the end
 */
public record Page<T>(List<T> items, @Nullable String nextCursor) {

    private static final int MAX_LIMIT = 1000;

    /**
     * Checks how much of a list was asked for.
     *
     * @throws HeimdexException {@code validation_failed}
     */
    public static void requireLimit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw HeimdexException.invalidField("limit", "must be 1 to " + MAX_LIMIT);
        }
    }
}
