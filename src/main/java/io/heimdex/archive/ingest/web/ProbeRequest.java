package io.heimdex.archive.ingest.web;

import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;

/** Looks into a file without keeping anything. */
record ProbeRequest(
        @Nullable String orgId, @NotBlank String sourceUri, WeakThreshold weakThresholdBytes) {

    ProbeRequest {
        weakThresholdBytes = WeakThreshold.orDefault(weakThresholdBytes);
    }
}
