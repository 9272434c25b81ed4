package io.heimdex.archive.sidecar;

import io.heimdex.archive.storage.AssetId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A sidecar as it is kept.
 *
 * @param json the document
 * @param etag the SHA-256 in hex of the document without the time of its probe
 * @param raw what the prober itself said, as JSON
 * @param fingerprint of the file as it was probed
 * @param storageKey where its copy is, below the derived root; {@code null} without one
 */
public record Sidecar(
        AssetId assetId,
        String schemaVersion,
        String proberVersion,
        String json,
        String raw,
        String etag,
        String fingerprint,
        @Nullable String storageKey) {

    /** Documents are our own, and may be larger than what requests may bring. */
    private static final JsonMapper DOCUMENTS = new JsonMapper();

    /** The tree of a document. */
    static JsonNode tree(String json) {
        return DOCUMENTS.readTree(json);
    }

    /** Whether it has the shape that this version reads and writes. */
    public boolean isCurrent() {
        return schemaVersion.equals(SidecarDocument.SCHEMA_VERSION);
    }

    /** What lists show of it. */
    public record Summary(
            AssetId assetId, String schemaVersion, @Nullable String storageKey, String etag) {}
}
