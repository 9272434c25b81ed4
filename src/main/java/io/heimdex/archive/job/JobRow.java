package io.heimdex.archive.job;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as lists show it.
 *
 * @param done ended assets, failed ones included
 */
public record JobRow(
        UUID jobId,
        String type,
        @Nullable String assetId,
        JobView.Status status,
        Instant requestedAt,
        long total,
        long done,
        long failed) {}
