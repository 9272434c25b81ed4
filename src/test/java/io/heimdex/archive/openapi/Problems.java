package io.heimdex.archive.openapi;

import static java.util.stream.Collectors.joining;

import io.heimdex.archive.problem.ErrorCode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Responses that are problem documents. Each is named by its codes, so that operations share it.
 */
final class Problems {

    private static final String RESPONSES = "#/components/responses/";

    private Problems() {}

    static String reference(ArrayNode codes) {
        return codes.valueStream().map(JsonNode::asString).collect(joining(".", RESPONSES, ""));
    }

    static boolean isReference(String reference) {
        return reference.startsWith(RESPONSES);
    }

    static String name(String reference) {
        return reference.substring(RESPONSES.length());
    }

    static ObjectNode response(String name, ObjectNode shared, List<String> missing) {
        List<ErrorCode> codes =
                Arrays.stream(name.split("\\.", -1))
                        .map(code -> ErrorCode.valueOf(code.toUpperCase(Locale.ROOT)))
                        .toList();
        ObjectNode made = JsonMapper.shared().createObjectNode();
        made.put(
                "description",
                codes.stream()
                        .map(code -> "`" + code.code() + "`: " + code.title() + ".")
                        .collect(joining(" ")));
        headers(codes, shared, missing)
                .forEach((header, always) -> {
                    ObjectNode told = made.withObjectProperty("headers").putObject(header);
                    Shared.merge(told, shared.path("headers").path(header));
                    if (always) {
                        told.put("required", true);
                    }
                });
        ObjectNode content = made.putObject("content").putObject("application/problem+json");
        ObjectNode schema = content.putObject("schema");
        schema.put("$ref", "#/components/schemas/Problem");
        ArrayNode known = schema.putObject("properties").putObject("code").putArray("enum");
        ObjectNode examples = content.putObject("examples");
        for (ErrorCode code : codes) {
            known.add(code.code());
            examples.putObject(code.code()).set("value", example(code));
        }
        return made;
    }

    private static ObjectNode example(ErrorCode code) {
        ObjectNode problem = JsonMapper.shared().createObjectNode();
        problem.put("type", "urn:heimdex:problem:" + code.code());
        problem.put("title", code.title());
        problem.put("status", code.status().value());
        problem.put("detail", code.title() + ".");
        problem.put("instance", "/v1/jobs");
        problem.put("code", code.code());
        if (code == ErrorCode.VALIDATION_FAILED) {
            problem.put("detail", "limit: must be 1 to 1000");
            problem.putArray("errors")
                    .addObject()
                    .put("field", "limit")
                    .put("message", "must be 1 to 1000");
        }
        return problem;
    }

    /** The headers, and whether each comes with every one of the codes. */
    private static Map<String, Boolean> headers(
            List<ErrorCode> codes, ObjectNode shared, List<String> missing) {
        Map<String, Boolean> headers = new LinkedHashMap<>();
        for (JsonNode name : shared.path("headers_everywhere")) {
            headers.put(name.asString(), true);
        }
        for (ErrorCode code : codes) {
            for (JsonNode name : shared.path("headers_of_problems").path(code.code())) {
                headers.put(
                        name.asString(),
                        codes.stream().allMatch(other -> has(shared, other, name.asString())));
            }
        }
        headers.keySet().stream()
                .filter(name -> !shared.path("headers").has(name))
                .forEach(name -> missing.add("the header " + name + " in shared.yaml"));
        return headers;
    }

    private static boolean has(ObjectNode shared, ErrorCode code, String header) {
        return shared.path("headers_of_problems")
                .path(code.code())
                .valueStream()
                .anyMatch(name -> name.asString().equals(header));
    }
}
