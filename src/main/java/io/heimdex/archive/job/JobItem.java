package io.heimdex.archive.job;

import io.heimdex.archive.storage.AssetId;

/**
 * One asset of a job.
 *
 * @param seq its place in the job, from 1
 * @param crashes how many workers died with it in hand
 */
public record JobItem(int seq, AssetId asset, int crashes) {}
