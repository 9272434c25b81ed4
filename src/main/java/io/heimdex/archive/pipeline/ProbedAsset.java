package io.heimdex.archive.pipeline;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.sidecar.Sidecar;

/** What came of an asset's probe. */
sealed interface ProbedAsset {

    QueuedAsset asset();

    /** The asset has a sidecar. */
    record Described(QueuedAsset asset, Sidecar sidecar) implements ProbedAsset {}

    /** The asset has none, and why. */
    record Failed(QueuedAsset asset, ErrorCode code, String message) implements ProbedAsset {}
}
