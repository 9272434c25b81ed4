package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.tenancy.OrgId;
import org.jspecify.annotations.Nullable;

/**
 * An asset whose turn has come.
 *
 * @param seq its place in the job
 * @param asset {@code null} if it was deleted since the job was asked for
 */
record QueuedAsset(OrgId org, int seq, @Nullable Asset asset) {}
