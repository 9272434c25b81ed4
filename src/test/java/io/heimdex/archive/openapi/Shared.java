package io.heimdex.archive.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What many operations have in common: {@code openapi/shared.yaml}. */
final class Shared {

    private Shared() {}

    static ObjectNode read() {
        try (InputStream file =
                Objects.requireNonNull(Shared.class.getResourceAsStream("/openapi/shared.yaml"))) {
            return (ObjectNode) new YAMLMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JSON merge patch (RFC 7396). */
    static void merge(ObjectNode into, JsonNode patch) {
        patch.properties()
                .forEach(entry -> {
                    if (entry.getValue().isNull()) {
                        into.remove(entry.getKey());
                    } else if (entry.getValue().isObject()) {
                        merge(into.withObjectProperty(entry.getKey()), entry.getValue());
                    } else {
                        into.set(entry.getKey(), entry.getValue());
                    }
                });
    }
}
