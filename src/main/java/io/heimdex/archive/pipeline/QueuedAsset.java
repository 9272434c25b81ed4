package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;
import org.jspecify.annotations.Nullable;

/**
 * An asset, or a file that is about to become one, whose turn has come.
 *
 * @param seq its place in the job
 * @param asset {@code null} if it was deleted since the job was asked for
 * @param file what to identify first, {@code null} if the job knew its asset
 */
record QueuedAsset(OrgId org, int seq, @Nullable Asset asset, @Nullable SourceUri file) {}
