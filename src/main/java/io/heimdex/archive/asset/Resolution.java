package io.heimdex.archive.asset;

import io.heimdex.archive.problem.SnakeCase;

/**
 * How large a picture is, by its larger or its smaller side, whichever says more: pictures may lie
 * on their side, and films have lost their bars. The bounds are some percent below the standards'.
 * The database decides it, in {@code sidecar_traits}.
 */
public enum Resolution {
    /** No picture, or one whose size is not known. */
    NONE,
    SD,
    /** From 1200 pixels on the larger side, or 700 on the smaller. */
    HD,
    /** From 1800, or 1060. */
    FULL_HD,
    /** From 3600, or 2100. */
    UHD_4K,
    /** From 7200, or 4200. */
    UHD_8K;

    /** The name in requests and answers. */
    public String wireName() {
        return SnakeCase.of(this);
    }
}
