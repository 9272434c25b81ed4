package io.heimdex.archive.ingest.web;

import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;

/** Enters a file into the catalogue. */
record CommitRequest(
        @Nullable String orgId,
        @Nullable String uploadId,
        @NotBlank String sourceUri,
        WeakThreshold weakThresholdBytes) {

    CommitRequest {
        weakThresholdBytes = WeakThreshold.orDefault(weakThresholdBytes);
    }
}
