package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.sidecar.Sidecar;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.thumbnail.ThumbnailSet;
import org.jspecify.annotations.Nullable;

/**
 * An asset, or a file that is about to become one, whose turn has come.
 *
 * @param seq its place in the job
 * @param asset {@code null} if it was deleted since the job was asked for
 * @param file the URI of what to identify first, which may be none that can be read; {@code null}
 *     if the job knew its asset
 * @param made what was made of the asset earlier, as far as its turn needs that
 * @param suspicion {@code null} if no worker died with it in hand
 */
record QueuedAsset(
        OrgId org,
        int seq,
        @Nullable Asset asset,
        @Nullable String file,
        Made made,
        @Nullable Suspicion suspicion) {

    /** Where it is read. */
    @Nullable String uri() {
        if (file != null) {
            return file;
        }
        return asset == null ? null : asset.sourceUri();
    }

    /**
     * What was made of an asset.
     *
     * @param sidecar for who makes pictures
     */
    record Made(@Nullable Sidecar sidecar, @Nullable ThumbnailSet pictures) {

        static final Made NOTHING = new Made(null, null);
    }

    /**
     * That the asset may be what workers die of.
     *
     * @param run the run of the step that reads it now
     * @param crashes how many workers died with it in hand
     */
    record Suspicion(JobScope job, long run, int crashes) {}
}
