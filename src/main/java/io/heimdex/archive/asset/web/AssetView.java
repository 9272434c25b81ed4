package io.heimdex.archive.asset.web;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.sidecar.Sidecar;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.thumbnail.Thumbnail;
import io.heimdex.archive.thumbnail.ThumbnailSet;
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
        Asset.Status status,
        @Nullable SidecarView sidecar,
        List<Thumbnail> thumbnails,
        Asset.@Nullable Failure failure) {

    static AssetView of(
            OrgId org,
            Asset asset,
            Sidecar.@Nullable Summary sidecar,
            @Nullable ThumbnailSet pictures) {
        return new AssetView(
                asset.id().value(),
                org.value(),
                asset.sourceUri(),
                asset.sizeBytes(),
                asset.id().hash(),
                asset.id().strong() ? "strong" : "weak",
                asset.status(),
                sidecar == null
                        ? null
                        : new SidecarView(
                                sidecar.schemaVersion(), sidecar.storageKey(), sidecar.etag()),
                pictures == null ? List.of() : pictures.thumbnails(),
                asset.failure());
    }

    record SidecarView(String schemaVersion, @Nullable String storageKey, String etag) {}
}
