package io.heimdex.archive.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Examples of every parameter, request and answer. They are put together of examples of fields:
 * those of {@code openapi/shared.yaml}, by name, and what a schema itself says.
 */
final class ApiExamples {

    private static final String SCHEMAS = "#/components/schemas/";

    private final ObjectNode document;
    private final JsonNode fields;
    private final JsonNode whole;
    private final List<String> missing;

    /** The schemas around the one in hand. One that holds itself has no example inside. */
    private final Deque<String> around = new ArrayDeque<>();

    ApiExamples(ObjectNode document, ObjectNode shared, List<String> missing) {
        this.document = document;
        this.fields = shared.path("examples").path("fields");
        this.whole = shared.path("examples").path("schemas");
        this.missing = missing;
    }

    void add() {
        document.path("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .properties()
                                .forEach(operation -> {
                                    JsonNode told = operation.getValue();
                                    String route =
                                            operation.getKey().toUpperCase(Locale.ROOT)
                                                    + " "
                                                    + path.getKey();
                                    told.path("parameters")
                                            .forEach(parameter ->
                                                    ofParameter(route, (ObjectNode) parameter));
                                    told.path("requestBody")
                                            .path("content")
                                            .forEach(body -> ofBody((ObjectNode) body));
                                    told.path("responses")
                                            .forEach(answer ->
                                                    answer.path("content")
                                                            .forEach(body ->
                                                                    ofBody((ObjectNode) body)));
                                }));
    }

    private void ofParameter(String route, ObjectNode parameter) {
        if (!parameter.has("example")) {
            JsonNode example =
                    of(route, parameter.path("name").asString(), parameter.path("schema"));
            if (example != null) {
                parameter.set("example", example);
            }
        }
    }

    private void ofBody(ObjectNode body) {
        JsonNode schema = body.path("schema");
        String reference = schema.path("$ref").asString(schema.at("/anyOf/0/$ref").asString(""));
        if (!body.has("example") && !reference.isEmpty()) {
            body.set("example", Objects.requireNonNull(of("", "", reference(reference))));
        }
    }

    private static JsonNode reference(String text) {
        return JsonMapper.shared().createObjectNode().put("$ref", text);
    }

    /** {@code null} if there is none, which is then told. */
    private @Nullable JsonNode of(String place, String field, JsonNode schema) {
        JsonNode given = fields.path(place + "." + field);
        if (given.isMissingNode()) {
            given = fields.path(field);
        }
        JsonNode reference = schema.has("$ref") ? schema.path("$ref") : schema.at("/anyOf/0/$ref");
        if (reference.isString()) {
            return ofSchema(reference.asString().replace(SCHEMAS, ""));
        }
        if (!given.isMissingNode()) {
            return given;
        }
        if (schema.has("enum")) {
            return schema.path("enum").path(0);
        }
        if (schema.has("default")) {
            return schema.path("default");
        }
        JsonNode types = schema.path("type");
        String type = types.isArray() ? types.path(0).asString() : types.asString("");
        JsonMapper json = JsonMapper.shared();
        return switch (type) {
            case "boolean" -> json.valueToTree(true);
            case "integer" -> json.valueToTree(schema.path("minimum").asLong(1));
            case "array" -> {
                JsonNode item = of(place, field, schema.path("items"));
                ArrayNode items = json.createArrayNode();
                yield item == null ? items : items.add(item);
            }
            default -> {
                if (schema.path("format").asString("").equals("date-time")) {
                    yield json.valueToTree("2026-05-04T09:30:00Z");
                }
                missing.add(
                        "an example of %s (of %s): examples.fields.%s in shared.yaml"
                                .formatted(field, place, field));
                yield null;
            }
        };
    }

    private @Nullable JsonNode ofSchema(String name) {
        if (around.contains(name)) {
            return null;
        }
        around.push(name);
        try {
            return within(name);
        } finally {
            around.pop();
        }
    }

    private JsonNode within(String name) {
        JsonNode given = whole.path(name);
        if (given.isString()) {
            return file(given.asString());
        }
        if (!given.isMissingNode()) {
            return given;
        }
        ObjectNode made = JsonMapper.shared().createObjectNode();
        JsonNode schema = document.path("components").path("schemas").path(name);
        if (schema.path("properties").isMissingNode()) {
            JsonNode value = of("", name, schema);
            return value == null ? made : value;
        }
        schema.path("properties")
                .properties()
                .forEach(property -> {
                    JsonNode value = of(name, property.getKey(), property.getValue());
                    if (value != null) {
                        made.set(property.getKey(), value);
                    }
                });
        return made;
    }

    private static JsonNode file(String name) {
        try (InputStream file =
                Objects.requireNonNull(ApiExamples.class.getResourceAsStream("/openapi/" + name))) {
            return JsonMapper.shared().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
