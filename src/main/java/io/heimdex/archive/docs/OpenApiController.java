package io.heimdex.archive.docs;

import io.heimdex.archive.access.OpenToAll;
import io.heimdex.archive.contract.Answers;
import java.io.IOException;
import java.time.Duration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the API takes and answers, for programs. It is the page of the reference, byte for byte. */
@RestController
class OpenApiController {

    private final byte[] document;
    private final String etag;

    OpenApiController() throws IOException {
        this.document = new ClassPathResource("schemas/openapi.json").getContentAsByteArray();
        this.etag = DigestUtils.md5DigestAsHex(document);
    }

    /** This document. */
    @OpenToAll
    @GetMapping("/openapi.json")
    @Answers(
            body = Object.class,
            headers = {"ETag", "Cache-Control"})
    @Answers(
            value = 304,
            body = Void.class,
            headers = {"ETag", "Cache-Control"})
    ResponseEntity<byte[]> document() {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePublic())
                .eTag(etag)
                .body(document);
    }
}
