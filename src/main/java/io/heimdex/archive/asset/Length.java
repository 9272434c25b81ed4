package io.heimdex.archive.asset;

import io.heimdex.archive.problem.SnakeCase;

/** How long a file plays. The database decides it, in {@code sidecar_traits}. */
public enum Length {
    /** Pictures, and files whose duration nothing tells. */
    UNKNOWN,
    UNDER_1M,
    UNDER_10M,
    UNDER_1H,
    /** An hour or longer. */
    OVER_1H;

    /** The name in requests and answers. */
    public String wireName() {
        return SnakeCase.of(this);
    }
}
