package io.heimdex.archive.asset.web;

import io.heimdex.archive.access.OpenToAll;
import io.heimdex.archive.contract.Answers;
import java.time.Duration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The shape of sidecars, for who checks or generates code against it. */
@RestController
class SchemaController {

    private static final MediaType JSON_SCHEMA = MediaType.valueOf("application/schema+json");

    /** The JSON Schema of sidecars. */
    @OpenToAll
    @Answers(body = Object.class, type = "application/schema+json", headers = "Cache-Control")
    @GetMapping("/v1/schemas/sidecar-1.0.json")
    ResponseEntity<Resource> sidecar() {
        return ResponseEntity.ok()
                .contentType(JSON_SCHEMA)
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePublic())
                .body(new ClassPathResource("schemas/sidecar-1.0.json"));
    }
}
