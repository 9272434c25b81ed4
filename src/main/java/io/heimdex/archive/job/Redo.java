package io.heimdex.archive.job;

import com.fasterxml.jackson.annotation.JsonValue;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.SnakeCase;
import java.util.List;

/**
 * What a restart does again.
 *
 * @param codes of the failed assets only those that failed with one of these; none for all of them
 */
public record Redo(Only only, List<ErrorCode> codes) {

    /** Which assets of a job. Those that were never reached are always among them. */
    public enum Only {
        /** The failed assets too. */
        FAILED_ITEMS,
        /** No others. */
        UNFINISHED;

        /** The name in requests. */
        @JsonValue
        public String wireName() {
            return SnakeCase.of(this);
        }
    }

    public Redo {
        codes = List.copyOf(codes);
    }

    boolean failed() {
        return only == Only.FAILED_ITEMS;
    }
}
