package io.heimdex.archive.asset.web;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.sidecar.Sidecar;
import io.heimdex.archive.tenancy.OrgId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An asset as its org sees it. */
record AssetView(
        String assetId,
        String orgId,
        String sourceUri,
        long sizeBytes,
        String hash,
        String hashQuality,
        String status,
        @Nullable SidecarView sidecar,
        List<ThumbnailView> thumbnails,
        Asset.@Nullable Failure failure) {

    static AssetView of(OrgId org, Asset asset, @Nullable Sidecar sidecar) {
        return new AssetView(
                asset.id().value(),
                org.value(),
                asset.sourceUri(),
                asset.sizeBytes(),
                asset.id().hash(),
                asset.id().strong() ? "strong" : "weak",
                asset.status().wireName(),
                sidecar == null
                        ? null
                        : new SidecarView(
                                sidecar.schemaVersion(), sidecar.storageKey(), sidecar.etag()),
                List.of(),
                asset.failure());
    }

    record SidecarView(String schemaVersion, String storageKey, String etag) {}

    record ThumbnailView(int idx, String storageKey, int width, int height, long tsMs) {}
}
