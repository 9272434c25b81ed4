package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.sidecar.Sidecar;
import io.heimdex.archive.thumbnail.ThumbnailSet;

/** What came of an asset's turn. */
sealed interface ProbedAsset {

    QueuedAsset asset();

    /** The asset has a sidecar. */
    record Described(QueuedAsset asset, Sidecar sidecar) implements ProbedAsset {}

    /** A file is this asset; and what came of that. */
    record Identified(QueuedAsset asset, Assets.Found file, ProbedAsset outcome)
            implements ProbedAsset {}

    /** The asset's pictures were made, or it has nothing to see. */
    record Pictured(QueuedAsset asset, ThumbnailSet set) implements ProbedAsset {}

    /**
     * What came of making pictures, and the sidecar that tells it. Its copy is written already.
     *
     * @param pictures that the sidecar tells
     */
    record Told(ProbedAsset outcome, ThumbnailSet pictures, Sidecar sidecar)
            implements ProbedAsset {

        @Override
        public QueuedAsset asset() {
            return outcome.asset();
        }
    }

    /** The asset has none, and why. */
    record Failed(QueuedAsset asset, ErrorCode code, String message) implements ProbedAsset {}
}
