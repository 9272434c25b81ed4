package io.heimdex.archive.bulk.web;

import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.bulk.RunType;
import io.heimdex.archive.bulk.Selection;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;

/**
 * A run that somebody asks for.
 *
 * @param config the batch config that says all the rest
 * @param dryRun only tell what it would take
 */
record RunRequest(
        @Nullable String orgId,
        @Nullable RunType type,
        @Nullable String config,
        @Valid @Nullable Selection select,
        @Valid @Nullable RunOptions options,
        @Nullable Boolean dryRun) {}
