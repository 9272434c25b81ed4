package io.heimdex.archive.asset.web;

import io.heimdex.archive.access.OpenToAll;
import io.heimdex.archive.contract.Answers;
import io.heimdex.archive.storage.Sha256;
import java.io.IOException;
import java.time.Duration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The shape of sidecars, for who checks or generates code against it. */
@RestController
class SchemaController {

    private static final String JSON_SCHEMA = "application/schema+json";

    private final byte[] schema;
    private final String etag;

    SchemaController() throws IOException {
        this.schema = new ClassPathResource("schemas/sidecar-1.0.json").getContentAsByteArray();
        this.etag = Sha256.hex(schema);
    }

    /** The JSON Schema of sidecars. */
    @OpenToAll
    @GetMapping("/v1/schemas/sidecar-1.0.json")
    @Answers(
            body = Object.class,
            type = JSON_SCHEMA,
            headers = {"ETag", "Cache-Control"})
    @Answers(
            value = 304,
            body = Void.class,
            headers = {"ETag", "Cache-Control"})
    ResponseEntity<byte[]> sidecar() {
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf(JSON_SCHEMA))
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePublic())
                .eTag(etag)
                .body(schema);
    }
}
