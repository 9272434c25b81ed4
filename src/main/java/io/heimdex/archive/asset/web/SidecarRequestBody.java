package io.heimdex.archive.asset.web;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;

/**
 * What may be said with a request for a sidecar.
 *
 * @param sourceUri a place that the asset was committed from
 * @param weakThresholdBytes taken for older clients; the asset's identity is settled by now
 * @param policy which pictures to make
 */
record SidecarRequestBody(
        @Nullable String orgId,
        @Nullable String sourceUri,
        @PositiveOrZero @Nullable Long weakThresholdBytes,
        @Valid @Nullable Policy policy) {

    static final SidecarRequestBody EMPTY = new SidecarRequestBody(null, null, null, null);

    /** The org of a request is its token's; whether the body repeats it makes no other request. */
    SidecarRequestBody withoutOrg() {
        return new SidecarRequestBody(null, sourceUri, weakThresholdBytes, policy);
    }

    record Policy(
            @DecimalMin(value = "0", inclusive = false) @Nullable Double intervalS,
            @Min(1) @Max(50) @Nullable Integer maxCount,
            @Min(64) @Nullable Integer maxHeight) {}
}
