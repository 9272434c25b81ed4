package io.heimdex.archive.sidecar;

import io.heimdex.archive.storage.AssetId;

/**
 * A sidecar as it is kept.
 *
 * @param json the document
 * @param etag the SHA-256 of the document as it was written, in hex
 * @param raw what the prober itself said, as JSON
 * @param fingerprint of the file as it was probed
 * @param storageKey where its copy is, below the derived root
 */
public record Sidecar(
        AssetId assetId,
        String schemaVersion,
        String proberVersion,
        String json,
        String raw,
        String etag,
        String fingerprint,
        String storageKey) {}
