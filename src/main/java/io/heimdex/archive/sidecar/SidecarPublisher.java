package io.heimdex.archive.sidecar;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.Sha256;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.thumbnail.ThumbnailSet;
import java.nio.charset.StandardCharsets;
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

    /** A chunk of sidecars is in memory at once. */
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
     * @throws HeimdexException {@code probe_output_limit} if the document is too large, {@code
     *     storage_unavailable} if the copy cannot be written
     */
    public Sidecar publish(OrgId org, SidecarDocument document, String raw, boolean copy) {
        byte[] bytes = json.writeValueAsBytes(document);
        if (bytes.length > MAX_BYTES || raw.length() > MAX_BYTES) {
            throw new HeimdexException(
                    ErrorCode.PROBE_OUTPUT_LIMIT,
                    "The sidecar would be larger than " + MAX_BYTES + " bytes.");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        AssetId id = new AssetId(document.assetId());
        String key = key(org, id);
        if (copy) {
            store.putDerived(key, MediaType.APPLICATION_JSON_VALUE, bytes);
        }
        return new Sidecar(
                id,
                document.schemaVersion(),
                document.provenance().tools().ffprobe(),
                text,
                raw,
                etag(document, text),
                document.provenance().sourceEtag(),
                copy ? key : null);
    }

    /** Without the time of the probe, which is in it to the nanosecond. */
    private static String etag(SidecarDocument document, String text) {
        String time = document.provenance().ingestedAt().toString();
        return Sha256.hex(
                text.replace("\"ingested_at\":\"" + time + "\"", "")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** The current sidecar with these pictures; where there is a copy, it is written anew. */
    public Sidecar publish(OrgId org, Sidecar sidecar, ThumbnailSet pictures) {
        return publish(
                org, read(sidecar).with(pictures), sidecar.raw(), sidecar.storageKey() != null);
    }

    /** The document of a sidecar that is current. */
    public SidecarDocument read(Sidecar sidecar) {
        return json.readValue(sidecar.json(), SidecarDocument.class);
    }

    /** Where the copy of an asset's sidecar is, if it has one. */
    public static String key(OrgId org, AssetId id) {
        return org + "/sidecars/" + id.value() + ".vna.json";
    }
}
