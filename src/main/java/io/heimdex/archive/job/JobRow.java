package io.heimdex.archive.job;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as lists show it.
 *
 * @param config the batch config that it runs, if it runs one
 * @param done ended assets, failed ones included
 */
public record JobRow(
        UUID jobId,
        String type,
        @Nullable String assetId,
        @Nullable String config,
        JobView.Status status,
        Instant requestedAt,
        long total,
        long done,
        long failed) {}
