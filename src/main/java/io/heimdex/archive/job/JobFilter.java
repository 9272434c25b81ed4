package io.heimdex.archive.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs a list shows; {@code null} leaves a criterion out.
 *
 * @param since the earliest time of the request
 */
public record JobFilter(
        @Nullable String type,
        JobView.@Nullable Status status,
        @Nullable String assetId,
        @Nullable Instant since) {}
