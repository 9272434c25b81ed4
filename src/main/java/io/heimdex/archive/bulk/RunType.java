package io.heimdex.archive.bulk;

import com.fasterxml.jackson.annotation.JsonValue;
import io.heimdex.archive.problem.SnakeCase;

/** What a run does with its assets. */
public enum RunType {
    /** Probes assets that the catalogue has. */
    REPROBE,
    /** Makes pictures of assets that have sidecars. */
    THUMBNAILS,
    /** Brings the catalogue up to the org's archive. */
    SCAN;

    /** The name in requests, and of the Spring Batch job. */
    @JsonValue
    public String wireName() {
        return SnakeCase.of(this);
    }
}
