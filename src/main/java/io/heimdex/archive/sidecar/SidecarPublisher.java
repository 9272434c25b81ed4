package io.heimdex.archive.sidecar;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.Sha256;
import io.heimdex.archive.tenancy.OrgId;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
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
        this.json = json;
        this.store = store;
    }

    /**
     * Makes the row of a document and writes its copy. The copy may stay without its row if the
     * caller is interrupted: the same probe writes the same copy again.
     *
     * @throws HeimdexException {@code probe_output_limit} if the document is too large, {@code
     *     storage_unavailable} if the copy cannot be written
     */
    public Sidecar publish(OrgId org, SidecarDocument document, String raw) {
        byte[] bytes = json.writeValueAsBytes(document);
        if (bytes.length > MAX_BYTES || raw.length() > MAX_BYTES) {
            throw new HeimdexException(
                    ErrorCode.PROBE_OUTPUT_LIMIT,
                    "The sidecar would be larger than " + MAX_BYTES + " bytes.");
        }
        String key = org + "/sidecars/" + document.assetId() + ".vna.json";
        store.putDerived(key, MediaType.APPLICATION_JSON_VALUE, bytes);
        return new Sidecar(
                new AssetId(document.assetId()),
                document.schemaVersion(),
                document.provenance().tools().ffprobe(),
                new String(bytes, StandardCharsets.UTF_8),
                raw,
                Sha256.hex(bytes),
                document.provenance().sourceEtag(),
                key);
    }
}
