package io.heimdex.archive.job;

import io.heimdex.archive.storage.AssetId;
import org.jspecify.annotations.Nullable;

/**
 * One asset of a job.
 *
 * @param seq its place in the job, from 1
 * @param asset {@code null} if it is a file whose asset is not known yet
 * @param sourceUri that file
 * @param crashes how many workers died with it in hand
 */
public record JobItem(int seq, @Nullable AssetId asset, @Nullable String sourceUri, int crashes) {}
