package io.heimdex.archive.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestRoutes;
import io.heimdex.archive.TestRoutes.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springdoc.webmvc.api.OpenApiWebMvcResource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import tools.jackson.databind.JsonNode;

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

    @Test
    void everyExampleIsAsItsSchemaSays() {
        Contract contract = Contract.published();
        Map<String, JsonNode> shown = shown("", contract.document());

        assertThat(shown).hasSizeGreaterThan(100);
        assertThat(
                        shown.entrySet().stream()
                                .map(one -> one.getKey() + ": " + errors(contract, one))
                                .filter(line -> !line.endsWith(": ")))
                .isEmpty();
    }

    private static String errors(Contract contract, Map.Entry<String, JsonNode> shown) {
        String schema = "#" + shown.getKey() + "/schema";
        JsonNode body = shown.getValue();
        return Stream.concat(
                        Stream.of(body.path("example")).filter(example -> body.has("example")),
                        body.path("examples").valueStream().map(one -> one.path("value")))
                .map(example -> contract.errors(schema, example))
                .collect(Collectors.joining());
    }

    /** Everything that has a schema and examples, by its place in the document. */
    private static Map<String, JsonNode> shown(String place, JsonNode node) {
        Map<String, JsonNode> found = new LinkedHashMap<>();
        if (node.has("schema") && (node.has("example") || node.has("examples"))) {
            found.put(place, node);
        }
        node.propertyStream()
                .forEach(entry ->
                        found.putAll(
                                shown(
                                        place + "/" + Contract.escaped(entry.getKey()),
                                        entry.getValue())));
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                found.putAll(shown(place + "/" + i, node.path(i)));
            }
        }
        return found;
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
