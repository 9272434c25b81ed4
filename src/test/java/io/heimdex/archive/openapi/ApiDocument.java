package io.heimdex.archive.openapi;

import static java.util.stream.Collectors.joining;

import io.heimdex.archive.TestRoutes.Route;
import io.heimdex.archive.contract.Answers;
import io.heimdex.archive.contract.Fails;
import io.heimdex.archive.openapi.SourceJavadoc.Comment;
import io.heimdex.archive.paging.Page;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.tenancy.Scope;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI document. springdoc finds the operations, their parameters and bodies; what a client
 * needs besides is added here: texts from the Javadoc, bounds and examples from {@code
 * openapi/shared.yaml}, scopes, success answers with their headers, and every problem code.
 */
final class ApiDocument {

    private static final JsonMapper JSON = JsonMapper.shared();

    private static final Set<ErrorCode> EVERYWHERE =
            EnumSet.of(
                    ErrorCode.MALFORMED_REQUEST,
                    ErrorCode.INTERNAL_ERROR,
                    ErrorCode.SERVICE_UNAVAILABLE);

    private static final Set<ErrorCode> WITH_TOKEN =
            EnumSet.of(
                    ErrorCode.MISSING_AUTHORIZATION,
                    ErrorCode.INVALID_TOKEN,
                    ErrorCode.ORG_SCOPE_REQUIRED,
                    ErrorCode.RATE_LIMITED);

    private static final Set<ErrorCode> WITH_JSON =
            EnumSet.of(
                    ErrorCode.VALIDATION_FAILED,
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    ErrorCode.REQUEST_TOO_LARGE,
                    ErrorCode.REQUEST_TIMEOUT);

    private final ObjectNode document;
    private final ObjectNode shared = Shared.read();
    private final SourceJavadoc javadoc = new SourceJavadoc();
    private final ApiSchemas schemas;
    private final List<String> missing = new ArrayList<>();

    private ApiDocument(byte[] springdoc) {
        this.document = (ObjectNode) JSON.readTree(springdoc);
        this.schemas = new ApiSchemas(document, shared, javadoc);
    }

    /**
     * The document of these routes.
     *
     * @param springdoc as springdoc has it
     * @throws AssertionError that names everything that a route or schema lacks
     */
    static String of(byte[] springdoc, List<Route> routes) {
        ApiDocument made = new ApiDocument(springdoc);
        made.complete(routes);
        if (!made.missing.isEmpty()) {
            throw new AssertionError(
                    made.missing.stream()
                            .distinct()
                            .collect(joining("\n- ", "the document of the API lacks:\n- ", "\n")));
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(made.document) + "\n";
    }

    private void complete(List<Route> routes) {
        ObjectNode found = (ObjectNode) document.path("paths");
        ObjectNode paths = JSON.createObjectNode();
        routes.stream()
                .sorted(Comparator.comparing(Route::path).thenComparing(Route::method))
                .forEach(route -> {
                    String method = route.method().toLowerCase(Locale.ROOT);
                    JsonNode operation = found.path(route.path()).path(method);
                    if (operation.isMissingNode()) {
                        missing.add(route + ": springdoc does not see it");
                    } else {
                        paths.withObjectProperty(route.path())
                                .set(method, complete(route, (ObjectNode) operation));
                    }
                });
        document.removeAll();
        document.put("openapi", "3.1.0");
        document.set("info", shared.path("info"));
        document.set("paths", paths);
        schemas.complete(paths);
        ObjectNode components = document.withObjectProperty("components");
        components.set("responses", problems(paths));
        components.set("securitySchemes", shared.path("security_schemes"));
        new ApiExamples(document, shared, missing).add();
    }

    private ObjectNode complete(Route route, ObjectNode operation) {
        Method method = route.handler().getMethod();
        Comment comment = javadoc.of(method);
        if (comment.text().isBlank()) {
            missing.add(
                    route
                            + ": a Javadoc on "
                            + method.getName()
                            + "(), whose first sentence"
                            + " becomes the summary");
        }
        ObjectNode made = JSON.createObjectNode();
        made.put("operationId", operationId(route));
        made.putArray("tags").add(tag(route));
        made.put("summary", comment.firstSentence().replaceFirst("\\.$", ""));
        if (!comment.text().equals(comment.firstSentence())) {
            made.put("description", comment.text());
        }
        ArrayNode security = made.putArray("security");
        route.scope()
                .ifPresent(scope -> security.addObject().putArray("bearer").add(scope.value()));
        ArrayNode parameters = parameters(route, operation, comment);
        if (!parameters.isEmpty()) {
            made.set("parameters", parameters);
        }
        if (operation.has("requestBody")) {
            made.set("requestBody", operation.path("requestBody"));
        }
        made.set("responses", responses(route, operation, comment, parameters));
        Shared.merge(made, shared.path("operations").path(route.toString()));
        return made;
    }

    /** As {@code getJobsByIdEvents}: it outlives every renaming in Java. */
    private static String operationId(Route route) {
        return route.method().toLowerCase(Locale.ROOT)
                + Arrays.stream(route.path().replaceFirst("^/v1", "").split("[/.-]"))
                        .filter(part -> !part.isEmpty() && !part.matches("\\d+"))
                        .map(part ->
                                part.startsWith("{")
                                        ? "By" + capitalized(part.replaceAll("[{}]", ""))
                                        : capitalized(part))
                        .collect(joining());
    }

    private String tag(Route route) {
        String thing = route.path().replaceFirst("^/(v1/)?", "").replaceFirst("[/.].*", "");
        return shared.path("tags").path(thing).asString(capitalized(thing));
    }

    private static String capitalized(String word) {
        return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private ArrayNode parameters(Route route, ObjectNode operation, Comment comment) {
        ArrayNode made = JSON.createArrayNode();
        for (JsonNode node : operation.path("parameters")) {
            ObjectNode parameter = (ObjectNode) node;
            String name = parameter.path("name").asString();
            String inJava = nameInJava(route, name);
            if (inJava == null) {
                continue;
            }
            if (!parameter.path("required").asBoolean()) {
                parameter.remove("required");
            }
            JsonNode common = shared.path("parameters");
            Shared.merge(parameter, common.path(name));
            Shared.merge(parameter, common.path(route.thing().orElse("") + "." + name));
            String text = comment.parameters().get(inJava);
            if (text != null) {
                parameter.put("description", text);
            }
            if (!parameter.has("description")) {
                missing.add(
                        "%s: @param %s in the Javadoc of %s(), or the parameter %s in shared.yaml"
                                .formatted(
                                        route,
                                        inJava,
                                        route.handler().getMethod().getName(),
                                        name));
            }
            made.add(parameter);
        }
        return made;
    }

    /** {@code null} if no client sends it. */
    private static @Nullable String nameInJava(Route route, String name) {
        return Arrays.stream(route.handler().getMethodParameters())
                .filter(parameter -> name.equals(nameInRequests(parameter)))
                .map(parameter -> parameter.getParameter().getName())
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String nameInRequests(MethodParameter parameter) {
        RequestParam query = parameter.getParameterAnnotation(RequestParam.class);
        PathVariable path = parameter.getParameterAnnotation(PathVariable.class);
        RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
        String given;
        if (query != null) {
            given = query.name();
        } else if (path != null) {
            given = path.name();
        } else if (header != null) {
            given = header.name();
        } else {
            return null;
        }
        return given.isEmpty() ? parameter.getParameter().getName() : given;
    }

    private ObjectNode responses(
            Route route, ObjectNode operation, Comment comment, ArrayNode parameters) {
        TreeMap<String, JsonNode> made = new TreeMap<>();
        Answers[] answers = route.handler().getMethod().getAnnotationsByType(Answers.class);
        JsonNode signature = operation.path("responses");
        if (answers.length == 0) {
            signature
                    .properties()
                    .forEach(entry -> {
                        JsonNode schema =
                                entry.getValue().path("content").path("*/*").path("schema");
                        made.put(
                                entry.getKey(),
                                success(
                                        route,
                                        entry.getKey(),
                                        comment,
                                        "application/json",
                                        schema.isMissingNode() ? null : schema,
                                        List.of()));
                    });
        }
        for (Answers answer : answers) {
            String status = Integer.toString(answer.value());
            made.put(
                    status,
                    success(
                            route,
                            status,
                            comment,
                            answer.type(),
                            schemas.of(answer, signature),
                            List.of(answer.headers())));
        }
        if (made.containsKey("304")) {
            parameters.add(shared.path("parameters").path("If-None-Match"));
        }
        boolean speaks = made.values().stream().anyMatch(answer -> answer.has("content"));
        codes(route, operation, parameters, speaks)
                .forEach(code -> {
                    String status = Integer.toString(code.status().value());
                    ((ArrayNode) made.computeIfAbsent(status, _ -> JSON.createArrayNode()))
                            .add(code.code());
                });
        ObjectNode responses = JSON.createObjectNode();
        made.forEach((status, answer) ->
                responses.set(
                        status,
                        answer instanceof ArrayNode codes
                                ? JSON.createObjectNode().put("$ref", Problems.reference(codes))
                                : answer));
        return responses;
    }

    private JsonNode success(
            Route route,
            String status,
            Comment comment,
            String type,
            @Nullable JsonNode schema,
            List<String> headers) {
        ObjectNode made = JSON.createObjectNode();
        HttpStatus known = HttpStatus.valueOf(Integer.parseInt(status));
        made.put(
                "description",
                known.is2xxSuccessful() && comment.returned() != null
                        ? comment.returned()
                        : known.getReasonPhrase() + ".");
        headers.forEach(name -> header(made, route, name, true));
        if (Page.class.isAssignableFrom(route.handler().getMethod().getReturnType())) {
            header(made, route, "Link", false);
        }
        shared.path("headers_everywhere")
                .forEach(name -> header(made, route, name.asString(), true));
        if (schema != null) {
            made.putObject("content").putObject(type).set("schema", schema);
        }
        return made;
    }

    private void header(ObjectNode answer, Route route, String name, boolean always) {
        JsonNode known = shared.path("headers").path(name);
        if (known.isMissingNode()) {
            missing.add(route + ": the header " + name + " in shared.yaml");
            return;
        }
        ObjectNode header = answer.withObjectProperty("headers").putObject(name);
        Shared.merge(header, known);
        if (always) {
            header.put("required", true);
        }
    }

    /** Every code that the route refuses a request with. */
    private static Stream<ErrorCode> codes(
            Route route, ObjectNode operation, ArrayNode parameters, boolean speaks) {
        Set<ErrorCode> codes = EnumSet.copyOf(EVERYWHERE);
        route.scope()
                .ifPresent(scope -> {
                    codes.addAll(WITH_TOKEN);
                    codes.add(
                            scope == Scope.ADMIN
                                    ? ErrorCode.ADMIN_SCOPE_REQUIRED
                                    : ErrorCode.SCOPE_REQUIRED);
                });
        if (speaks) {
            codes.add(ErrorCode.NOT_ACCEPTABLE);
        }
        if (operation.has("requestBody")) {
            codes.addAll(WITH_JSON);
            route.scope().ifPresent(_ -> codes.add(ErrorCode.ORG_SCOPE_MISMATCH));
        }
        for (JsonNode parameter : parameters) {
            String name = parameter.path("name").asString();
            if (!name.equals("id") && !name.equals("If-None-Match")) {
                codes.add(ErrorCode.VALIDATION_FAILED);
            }
            if (name.equals("cursor")) {
                codes.add(ErrorCode.INVALID_CURSOR);
            }
            if (name.equals("Idempotency-Key")) {
                codes.add(ErrorCode.IDEMPOTENCY_CONFLICT);
                codes.add(ErrorCode.IDEMPOTENCY_IN_PROGRESS);
            }
        }
        Fails own = route.handler().getMethodAnnotation(Fails.class);
        if (own != null) {
            codes.addAll(List.of(own.value()));
        }
        return codes.stream().sorted(Comparator.comparing(ErrorCode::code));
    }

    /** One response for each set of codes that an operation has for a status. */
    private ObjectNode problems(ObjectNode paths) {
        TreeMap<String, JsonNode> made = new TreeMap<>();
        paths.findValuesAsString("$ref").stream()
                .filter(Problems::isReference)
                .distinct()
                .forEach(reference ->
                        made.put(
                                Problems.name(reference),
                                Problems.response(Problems.name(reference), shared, missing)));
        ObjectNode responses = JSON.createObjectNode();
        made.forEach(responses::set);
        return Objects.requireNonNull(responses);
    }
}
