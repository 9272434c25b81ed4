package io.heimdex.archive.sidecar;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.Sha256;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.thumbnail.ThumbnailSet;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts documents into the form in which they are kept, and writes their copies below the derived
 * root.
 */
@Component
public class SidecarPublisher {

    /** A chunk of sidecars is in memory at once; what they say of pictures is little. */
    private static final int MAX_BYTES = 1 << 20;

    private final JsonMapper json;
    private final MediaStore store;

    public SidecarPublisher(JsonMapper json, MediaStore store) {
        // A document that was kept has its tags in another order.
        this.json = json.rebuild().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();
        this.store = store;
    }

    /**
     * Makes the row of a document and, if wanted, writes its copy. The copy may stay without its
     * row if the caller is interrupted: the same probe writes the same copy again.
     *
     * @param pictures that the asset has, as far as they are known
     * @throws HeimdexException {@code probe_output_limit} if the document is too large, whatever
     *     its pictures; {@code storage_unavailable} if the copy cannot be written
     */
    public Sidecar publish(
            OrgId org,
            SidecarDocument document,
            @Nullable ThumbnailSet pictures,
            String raw,
            boolean copy) {
        String key = copy ? key(org, new AssetId(document.assetId())) : null;
        Sidecar bare = row(document, raw, key);
        if (bytes(bare).length > MAX_BYTES || raw.length() > MAX_BYTES) {
            throw new HeimdexException(
                    ErrorCode.PROBE_OUTPUT_LIMIT,
                    "The sidecar would be larger than " + MAX_BYTES + " bytes.");
        }
        Sidecar row = pictures == null ? bare : row(document.with(pictures), raw, key);
        write(row);
        return row;
    }

    /**
     * The current sidecar with these pictures; a copy of it is still to be {@link #write written}.
     */
    public Sidecar pictured(Sidecar sidecar, ThumbnailSet pictures) {
        return row(read(sidecar).with(pictures), sidecar.raw(), sidecar.storageKey());
    }

    /**
     * Writes the copy of a sidecar that has one.
     *
     * @throws HeimdexException {@code storage_unavailable}
     */
    public void write(Sidecar row) {
        if (row.storageKey() != null) {
            store.putDerived(row.storageKey(), MediaType.APPLICATION_JSON_VALUE, bytes(row));
        }
    }

    private Sidecar row(SidecarDocument document, String raw, @Nullable String key) {
        String text = json.writeValueAsString(document);
        return new Sidecar(
                new AssetId(document.assetId()),
                document.schemaVersion(),
                document.provenance().tools().ffprobe(),
                text,
                raw,
                etag(document, text),
                document.provenance().sourceEtag(),
                key);
    }

    private static byte[] bytes(Sidecar row) {
        return row.json().getBytes(StandardCharsets.UTF_8);
    }

    /** Without the time of the probe, which is in it to the nanosecond. */
    private static String etag(SidecarDocument document, String text) {
        String time = document.provenance().ingestedAt().toString();
        return Sha256.hex(
                text.replace("\"ingested_at\":\"" + time + "\"", "")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** The document of a sidecar that is current. */
    public SidecarDocument read(Sidecar sidecar) {
        return json.treeToValue(Sidecar.tree(sidecar.json()), SidecarDocument.class);
    }

    /** Where the copy of an asset's sidecar is, if it has one. */
    public static String key(OrgId org, AssetId id) {
        return org + "/sidecars/" + id.value() + ".vna.json";
    }
}
