package io.heimdex.archive.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.heimdex.archive.contract.Answers;
import io.heimdex.archive.openapi.SourceJavadoc.Comment;
import io.heimdex.archive.problem.SnakeCase;
import io.heimdex.archive.sidecar.SidecarDocument;
import io.heimdex.archive.sidecar.SidecarSchema;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.converter.ResolvedSchema;
import io.swagger.v3.core.util.Json31;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schemas of requests and answers. swagger-core reads types and bounds; what may be {@code
 * null}, what is always there and what is refused is added here. A request may leave out whatever
 * it does not have to say and may say nothing else; an answer has all its fields and may get more.
 */
final class ApiSchemas {

    private static final String SCHEMAS = "#/components/schemas/";
    private static final String SIDECAR = "SidecarDocument";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final ObjectNode found;
    private final ObjectNode document;
    private final ObjectNode shared;
    private final SourceJavadoc javadoc;

    ApiSchemas(ObjectNode document, ObjectNode shared, SourceJavadoc javadoc) {
        this.document = document;
        this.found = (ObjectNode) document.path("components").path("schemas");
        this.shared = shared;
        this.javadoc = javadoc;
    }

    /** The schema of what a method says that it answers, {@code null} for nothing. */
    @Nullable JsonNode of(Answers answer, JsonNode signature) {
        List<JsonNode> bodies =
                answer.body().length == 0
                        ? List.of(signature.at("/200/content/*~1*/schema"))
                        : Arrays.stream(answer.body())
                                .filter(body -> body != Void.class)
                                .map(this::of)
                                .toList();
        if (bodies.isEmpty()) {
            return null;
        }
        if (bodies.size() == 1) {
            return bodies.getFirst();
        }
        ObjectNode any = JSON.createObjectNode();
        any.putArray("anyOf").addAll(bodies);
        return any;
    }

    private JsonNode of(Class<?> body) {
        if (body == SidecarDocument.class) {
            return reference(SIDECAR);
        }
        if (body == byte[].class) {
            return JSON.createObjectNode();
        }
        if (body == Object.class) {
            return JSON.createObjectNode().put("type", "object");
        }
        ResolvedSchema resolved =
                ModelConverters.getInstance(true)
                        .resolveAsResolvedSchema(new AnnotatedType(body).resolveAsRef(true));
        resolved.referencedSchemas.forEach((name, schema) -> found.set(name, tree(schema)));
        return tree(resolved.schema);
    }

    private static JsonNode tree(Object schema) {
        return JSON.readTree(Json31.pretty(schema));
    }

    private static ObjectNode reference(String schema) {
        return JSON.createObjectNode().put("$ref", SCHEMAS + schema);
    }

    /** Puts all schemas that the paths refer to into the document. */
    void complete(ObjectNode paths) {
        addSidecar();
        found.set("Problem", shared.path("schemas").path("Problem").deepCopy());
        Set<String> asked = new TreeSet<>();
        Set<String> answered = new TreeSet<>();
        for (JsonNode path : paths) {
            for (JsonNode operation : path) {
                follow(operation.path("requestBody"), asked);
                follow(operation.path("responses"), answered);
            }
        }
        answered.add("Problem");
        Set<String> all = new TreeSet<>(asked);
        all.addAll(answered);
        all.forEach(name -> describe(name, (ObjectNode) found.path(name)));
        TreeMap<String, ObjectNode> made = new TreeMap<>();
        for (String name : asked) {
            made.put(name, request(name, (ObjectNode) found.path(name).deepCopy()));
        }
        Set<String> both = new HashSet<>(asked);
        both.retainAll(answered);
        for (String name : answered) {
            ObjectNode schema = answer(name, (ObjectNode) found.path(name).deepCopy());
            rename(schema, both);
            ObjectNode other = made.put(both.contains(name) ? name + "Answer" : name, schema);
            if (other != null) {
                throw new IllegalStateException("two schemas would be " + name);
            }
        }
        for (JsonNode path : paths) {
            for (JsonNode operation : path) {
                rename(operation.path("responses"), both);
            }
        }
        ObjectNode schemas = document.withObjectProperty("components").putObject("schemas");
        made.forEach(schemas::set);
    }

    /** The published schema of sidecars, taken apart. */
    private void addSidecar() {
        try {
            ObjectNode schema =
                    (ObjectNode)
                            JSON.readTree(
                                    Files.readString(SidecarSchema.FILE)
                                            .replace("\"#/$defs/", "\"" + SCHEMAS + "Sidecar"));
            schema.path("$defs")
                    .properties()
                    .forEach(entry -> found.set("Sidecar" + entry.getKey(), entry.getValue()));
            schema.remove(List.of("$schema", "$id", "$defs", "title"));
            found.set(SIDECAR, schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void follow(JsonNode node, Set<String> names) {
        for (String reference : node.findValuesAsString("$ref")) {
            String name = reference.replace(SCHEMAS, "");
            if (found.has(name) && names.add(name)) {
                follow(found.path(name), names);
            }
        }
    }

    private static void rename(JsonNode node, Set<String> names) {
        for (JsonNode parent : node.findParents("$ref")) {
            String name = parent.path("$ref").asString().replace(SCHEMAS, "");
            if (names.contains(name)) {
                ((ObjectNode) parent).put("$ref", SCHEMAS + name + "Answer");
            }
        }
    }

    /** What is true of a record wherever it stands. */
    private void describe(String name, ObjectNode schema) {
        JsonNode instead = shared.path("schemas").path(name);
        if (!instead.isMissingNode()) {
            schema.removeAll();
            Shared.merge(schema, instead);
            return;
        }
        Class<?> type = RecordModels.classOf(name);
        if (type == null) {
            return;
        }
        Comment comment = javadoc.of(type);
        ObjectNode properties = (ObjectNode) schema.path("properties");
        ObjectNode typed = JSON.createObjectNode();
        if (!comment.text().isBlank()) {
            typed.put("description", comment.text());
        }
        typed.setAll(schema);
        schema.removeAll();
        schema.setAll(typed);
        for (RecordComponent component : type.getRecordComponents()) {
            ObjectNode property = (ObjectNode) properties.path(SnakeCase.of(component.getName()));
            tidy(property, component);
            if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                    && !leftOutIfNull(component)) {
                allowNull(property);
            }
            if (JsonNode.class.isAssignableFrom(component.getType())) {
                property.removeAll();
            }
            String text = comment.parameters().get(component.getName());
            if (text != null) {
                property.put("description", text);
            }
            Shared.merge(
                    property,
                    shared.path("properties").path(name + "." + SnakeCase.of(component.getName())));
        }
    }

    private static void tidy(ObjectNode property, RecordComponent component) {
        for (String bound : List.of("minLength", "minItems")) {
            if (property.path(bound).asInt(1) == 0) {
                property.remove(bound);
            }
            if (property.path("items").path(bound).asInt(1) == 0) {
                ((ObjectNode) property.path("items")).remove(bound);
            }
        }
        if (property.has("pattern")) {
            // Java's has to match all of it, and knows classes that JavaScript does not.
            String pattern =
                    property.path("pattern")
                            .asString()
                            .replace("\\P{Cntrl}", "[^\\u0000-\\u001f\\u007f]");
            property.put("pattern", "^" + pattern + "$");
        }
        if (component.getAccessor().isAnnotationPresent(NotBlank.class)) {
            property.put("pattern", "\\S");
        }
    }

    private static void allowNull(ObjectNode property) {
        if (property.has("$ref")) {
            ObjectNode reference = reference(property.path("$ref").asString().replace(SCHEMAS, ""));
            property.removeAll();
            property.putArray("anyOf").add(reference).addObject().put("type", "null");
        } else if (property.path("type").isString()) {
            String type = property.path("type").asString();
            property.putArray("type").add(type).add("null");
            if (property.path("enum") instanceof ArrayNode values) {
                values.addNull();
            }
        }
    }

    private static ObjectNode request(String name, ObjectNode schema) {
        if (RecordModels.classOf(name) != null && schema.has("properties")) {
            schema.put("additionalProperties", false);
        }
        return schema;
    }

    private ObjectNode answer(String name, ObjectNode schema) {
        Class<?> type = RecordModels.classOf(name);
        if (type != null && schema.has("properties")) {
            schema.path("properties")
                    .properties()
                    .forEach(property ->
                            Shared.merge(
                                    (ObjectNode) property.getValue(),
                                    shared.path("answers").path(property.getKey())));
            ArrayNode required = schema.putArray("required");
            for (RecordComponent component : type.getRecordComponents()) {
                if (!leftOutIfNull(component)) {
                    required.add(SnakeCase.of(component.getName()));
                }
            }
        }
        return schema;
    }

    private static boolean leftOutIfNull(RecordComponent component) {
        JsonInclude include = component.getAccessor().getAnnotation(JsonInclude.class);
        return include != null && include.value() == JsonInclude.Include.NON_NULL;
    }
}
