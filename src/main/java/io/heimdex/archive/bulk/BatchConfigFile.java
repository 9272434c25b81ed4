package io.heimdex.archive.bulk;

import io.heimdex.archive.bulk.BatchConfig.Overlap;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/**
 * What the file of a batch config says.
 *
 * @param org an organisation, or {@code all}
 * @param description for those who read the file
 */
record BatchConfigFile(
        @Nullable String description,
        @NotNull RunType type,
        @Nullable String org,
        @Nullable Overlap onOverlap,
        @Valid @Nullable Selection select,
        @Valid @Nullable RunOptions options) {}
