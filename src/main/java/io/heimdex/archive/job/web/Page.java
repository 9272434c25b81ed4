package io.heimdex.archive.job.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param nextCursor where the next part begins, {@code null} at the end
 */
record Page<T>(List<T> items, @Nullable String nextCursor) {}
