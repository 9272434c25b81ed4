package io.heimdex.archive.sidecar;

import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.OpenedMedia;
import java.time.Instant;

/**
 * What a sidecar says about the file itself.
 *
 * @param filename the name that the client gave the file
 * @param fingerprint of the file as it was probed
 */
public record SidecarSource(
        AssetId assetId,
        String uri,
        String filename,
        long sizeBytes,
        Instant modifiedAt,
        String fingerprint) {

    public static SidecarSource of(AssetId assetId, String filename, OpenedMedia media) {
        return new SidecarSource(
                assetId,
                media.uri().text(),
                filename,
                media.size(),
                media.modifiedAt(),
                media.fingerprint());
    }
}
