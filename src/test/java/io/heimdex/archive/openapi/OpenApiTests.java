package io.heimdex.archive.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestRoutes;
import io.heimdex.archive.TestRoutes.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springdoc.webmvc.api.OpenApiWebMvcResource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.web.MockHttpServletRequest;

/**
 * The published document is the one of the running service. With -Dheimdex.docs.write=true it is
 * written instead of compared.
 */
@ServiceTest
class OpenApiTests {

    @Autowired OpenApiWebMvcResource springdoc;
    @Autowired ApplicationContext service;

    @Test
    void thePublishedDocumentIsThatOfTheRunningService() throws IOException {
        String document = ApiDocument.of(found(), routes());

        if (Boolean.getBoolean("heimdex.docs.write")) {
            Files.writeString(Contract.FILE, document);
        }
        assertThat(Contract.FILE).content().isEqualTo(document);
    }

    /** All but the pages for people, and the routes that are there only if they are wanted. */
    private List<Route> routes() {
        return TestRoutes.of(service).stream()
                .filter(route -> !route.path().startsWith("/docs"))
                .toList();
    }

    private byte[] found() throws IOException {
        return springdoc.openapiJson(
                new MockHttpServletRequest("GET", "/v3/api-docs"), "/v3/api-docs", Locale.ROOT);
    }
}
