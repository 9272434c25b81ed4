package io.heimdex.archive.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which rows of the audit a list shows; {@code null} leaves a criterion out. */
public record AuditFilter(
        @Nullable String action,
        @Nullable JobId job,
        @Nullable String user,
        @Nullable Instant since) {}
