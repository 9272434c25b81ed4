package io.heimdex.archive.bulk.web;

import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.bulk.RunType;
import io.heimdex.archive.bulk.Selection;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/**
 * A run that somebody asks for.
 *
 * @param dryRun only tell what it would take
 */
record RunRequest(
        @Nullable String orgId,
        @NotNull RunType type,
        @Valid @Nullable Selection select,
        @Valid @Nullable RunOptions options,
        @Nullable Boolean dryRun) {}
