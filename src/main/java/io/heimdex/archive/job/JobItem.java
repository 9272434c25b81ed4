package io.heimdex.archive.job;

import io.heimdex.archive.storage.AssetId;

/**
 * One asset of a job.
 *
 * @param seq its place in the job, from 1
 */
public record JobItem(int seq, AssetId asset) {}
