package io.heimdex.archive.asset.web;

import io.heimdex.archive.thumbnail.ThumbnailPolicy;
import jakarta.validation.Valid;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;

/**
 * What may be said with a request for a sidecar or for pictures.
 *
 * @param sourceUri a place that the asset was committed from
 * @param weakThresholdBytes taken for older clients; the asset's identity is settled by now
 * @param policy which pictures to make
 */
record SidecarRequestBody(
        @Nullable String orgId,
        @Nullable String sourceUri,
        @PositiveOrZero @Nullable Long weakThresholdBytes,
        @Valid @Nullable ThumbnailPolicy policy) {

    static final SidecarRequestBody EMPTY = new SidecarRequestBody(null, null, null, null);

    /** The org of a request is its token's; whether the body repeats it makes no other request. */
    SidecarRequestBody withoutOrg() {
        return new SidecarRequestBody(null, sourceUri, weakThresholdBytes, policy);
    }
}
