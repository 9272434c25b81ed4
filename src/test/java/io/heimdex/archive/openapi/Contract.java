package io.heimdex.archive.openapi;

import static java.util.stream.Collectors.joining;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Holds what the service answers against the published document. */
public final class Contract {

    /** The published document. */
    public static final Path FILE = Path.of("docs/reference/openapi.json");

    private static final String ID = "https://heimdex.example/openapi.json";
    private static final String PROBLEM = "application/problem+json";
    private static final List<String> BOUNDS = List.of("minimum", "maximum", "exclusiveMinimum");
    private static final String EVENTS = "text/event-stream";

    private static final Contract PUBLISHED = new Contract();

    private final JsonNode document;
    private final SchemaRegistry registry;
    private final List<Template> templates;
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    private Contract() {
        try {
            document = JsonMapper.shared().readTree(Files.readString(FILE));
            String text = boundsOfOneType(document.deepCopy()).toString();
            registry =
                    SchemaRegistry.withDefaultDialect(
                            SpecificationVersion.DRAFT_2020_12,
                            builder -> builder.schemas(Map.of(ID, text)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        templates =
                document.path("paths")
                        .propertyStream()
                        .map(entry -> new Template(entry.getKey(), pattern(entry.getKey())))
                        .sorted(Comparator.comparingLong(Template::variables))
                        .toList();
    }

    /** The validator knows no bounds beside more than one type. */
    private static JsonNode boundsOfOneType(JsonNode node) {
        node.forEach(Contract::boundsOfOneType);
        if (node instanceof ObjectNode schema
                && schema.path("type").isArray()
                && BOUNDS.stream().anyMatch(schema::has)) {
            ObjectNode bounded = schema.deepCopy();
            bounded.set("type", schema.path("type").path(0));
            schema.remove("type");
            schema.remove(BOUNDS);
            schema.putArray("anyOf").add(bounded).addObject().put("type", "null");
        }
        return node;
    }

    public static Contract published() {
        return PUBLISHED;
    }

    private record Template(String path, Pattern pattern) {

        long variables() {
            return path.chars().filter(c -> c == '{').count();
        }
    }

    /**
     * What a client got.
     *
     * @param path as it was sent, with or without a query
     * @param headers by names in lower case
     */
    public record Observed(
            String method,
            String path,
            int status,
            Map<String, List<String>> headers,
            String body) {

        Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)))
                    .map(values -> String.join(", ", values));
        }

        String code() {
            try {
                return JsonMapper.shared().readTree(body).path("code").asString("");
            } catch (JacksonException _) {
                return "";
            }
        }
    }

    /** What the document does not allow in the answer; nothing if all is well. */
    public List<String> violations(Observed seen) {
        String method =
                seen.method().equals("HEAD") ? "get" : seen.method().toLowerCase(Locale.ROOT);
        Template template = template(seen.path());
        JsonNode operation =
                template == null
                        ? document.path("none")
                        : document.path("paths").path(template.path()).path(method);
        List<String> wrong = new ArrayList<>();
        if (template == null || operation.isMissingNode()) {
            elsewhere(seen, wrong);
        } else {
            String route = method.toUpperCase(Locale.ROOT) + " " + template.path();
            documented(
                    seen,
                    route,
                    "#/paths/" + escaped(template.path()) + "/" + method + "/responses/",
                    operation.path("responses").path(Integer.toString(seen.status())),
                    wrong);
        }
        return wrong.stream()
                .map(what ->
                        "%s %s answered %d %s: %s"
                                .formatted(
                                        seen.method(),
                                        seen.path(),
                                        seen.status(),
                                        seen.code(),
                                        what))
                .toList();
    }

    /** There is no such operation, so it has to be refused. */
    private void elsewhere(Observed seen, List<String> wrong) {
        if (seen.method().equals("OPTIONS") && seen.status() == 200) {
            if (seen.header("Allow").isEmpty()) {
                wrong.add("no Allow header");
            }
        } else if (seen.status() < 400 || seen.status() >= 500) {
            wrong.add("the document has no such operation");
        } else {
            body(seen, Map.of(PROBLEM, "#/components/schemas/Problem"), wrong);
        }
    }

    private void documented(
            Observed seen, String route, String place, JsonNode response, List<String> wrong) {
        if (response.isMissingNode()) {
            wrong.add(
                    "the document has no such status for %s; say @%s and write the document anew"
                            .formatted(
                                    route,
                                    seen.code().isEmpty()
                                            ? "Answers(" + seen.status() + ")"
                                            : "Fails(ErrorCode."
                                                    + seen.code().toUpperCase(Locale.ROOT)
                                                    + ")"));
            return;
        }
        String pointer = place + seen.status();
        JsonNode told = response;
        if (response.has("$ref")) {
            pointer = response.path("$ref").asString();
            told = document.at(pointer.substring(1));
        }
        for (Map.Entry<String, JsonNode> header : told.path("headers").properties()) {
            Optional<String> value = seen.header(header.getKey());
            if (value.isEmpty() && header.getValue().path("required").asBoolean()) {
                wrong.add("no header " + header.getKey());
            }
        }
        Map<String, String> types = new ConcurrentHashMap<>();
        String content = pointer + "/content/";
        told.path("content")
                .propertyStream()
                .forEach(type ->
                        types.put(
                                type.getKey(),
                                type.getValue().has("schema")
                                        ? content + escaped(type.getKey()) + "/schema"
                                        : ""));
        body(seen, types, wrong);
    }

    /**
     * Checks the body.
     *
     * @param types where the schema of each content type is, an empty text for none
     */
    private void body(Observed seen, Map<String, String> types, List<String> wrong) {
        if (seen.method().equals("HEAD") || types.isEmpty()) {
            if (!seen.body().isEmpty()) {
                wrong.add("a body where there should be none");
            }
            return;
        }
        String type = seen.header("Content-Type").orElse("none").replaceFirst(";.*", "");
        String schema = types.get(type);
        if (schema == null) {
            wrong.add("the content type " + type);
        } else if (type.equals(EVENTS)) {
            seen.body()
                    .lines()
                    .filter(line -> line.startsWith("data:"))
                    .forEach(
                            line -> json(line.substring(5), "#/components/schemas/JobView", wrong));
        } else if (!schema.isEmpty() && type.endsWith("json")) {
            json(seen.body(), schema, wrong);
        }
    }

    private void json(String text, String schema, List<String> wrong) {
        try {
            JsonNode body = JsonMapper.shared().readTree(text);
            String errors = errors(schema, body);
            if (!errors.isEmpty()) {
                wrong.add(errors);
            }
        } catch (JacksonException e) {
            wrong.add("no JSON: " + e.getOriginalMessage());
        }
    }

    /** What the schema at this place of the document does not allow. */
    String errors(String pointer, JsonNode value) {
        return schema(pointer)
                .validate(
                        value,
                        context ->
                                context.executionConfig(
                                        config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                .collect(joining("; "));
    }

    private Schema schema(String pointer) {
        return schemas.computeIfAbsent(
                pointer, _ -> registry.getSchema(SchemaLocation.of(ID + pointer)));
    }

    private @Nullable Template template(String path) {
        String plain = path.replaceFirst("(?s)\\?.*", "").replaceFirst("^https?://[^/]*", "");
        return Stream.of(plain, decoded(plain))
                .flatMap(spelling ->
                        templates.stream()
                                .filter(template -> template.pattern().matcher(spelling).matches()))
                .findFirst()
                .orElse(null);
    }

    private static String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return path;
        }
    }

    private static Pattern pattern(String template) {
        return Pattern.compile(
                Pattern.quote(template).replaceAll("\\{[a-z_]+}", "\\\\E[^/]+\\\\Q"),
                Pattern.DOTALL);
    }

    static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D");
    }

    /** What the document does not allow in a body that the service took. */
    public List<String> forbidden(String method, String path, String json) {
        Template template = template(path);
        JsonNode body =
                document.path("paths")
                        .path(template == null ? "" : template.path())
                        .path(method.toLowerCase(Locale.ROOT))
                        .at("/requestBody/content/application~1json/schema");
        if (template == null || body.isMissingNode() || json.isBlank()) {
            return List.of();
        }
        String schema =
                "#/paths/"
                        + escaped(template.path())
                        + "/"
                        + method.toLowerCase(Locale.ROOT)
                        + "/requestBody/content/application~1json/schema";
        try {
            // Bytes, as the service reads them: a byte order mark is passed over (RFC 8259).
            JsonNode taken = JsonMapper.shared().readTree(json.getBytes(StandardCharsets.UTF_8));
            return Stream.of(errors(schema, taken))
                    .filter(errors -> !errors.isEmpty())
                    .map(errors -> "took what the document forbids: " + errors)
                    .toList();
        } catch (JacksonException _) {
            return List.of("took what is no JSON");
        }
    }

    public JsonNode document() {
        return document;
    }
}
