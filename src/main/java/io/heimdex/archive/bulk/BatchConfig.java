package io.heimdex.archive.bulk;

import com.fasterxml.jackson.annotation.JsonValue;
import io.heimdex.archive.problem.SnakeCase;
import io.heimdex.archive.tenancy.OrgId;
import org.jspecify.annotations.Nullable;

/**
 * A run that has a name.
 *
 * @param org whose it is; {@code null} for one that every org may run over its own assets
 */
public record BatchConfig(
        String name, @Nullable OrgId org, RunType type, Overlap onOverlap, RunSpec spec) {

    /** What becomes of a run whose predecessor has not ended. */
    public enum Overlap {
        /** It is an error. */
        REFUSE,
        /** The predecessor will do. */
        SKIP;

        /** The name in files and answers. */
        @JsonValue
        public String wireName() {
            return SnakeCase.of(this);
        }
    }

    /** Whether the org may run it. */
    public boolean isFor(OrgId caller) {
        return org == null || org.equals(caller);
    }
}
