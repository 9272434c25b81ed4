package io.heimdex.archive.ingest;

import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.Checksum;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A place for the bytes of one file.
 *
 * @param sourceName the file's name as the client gave it
 * @param contentLength in bytes
 * @param committedAs the asset that it became, {@code null} before it was committed
 */
record Upload(
        OrgId org,
        UUID id,
        String sourceName,
        SourceUri target,
        long contentLength,
        @Nullable Checksum checksum,
        UploadSignature signature,
        Instant expiresAt,
        @Nullable AssetId committedAs) {

    boolean expired(Instant now) {
        return !now.isBefore(expiresAt);
    }
}
