package io.heimdex.archive.fuzz;

import io.heimdex.archive.problem.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values for fields and parameters: good ones, those at the edges, and those that nobody should
 * send.
 */
final class Values {

    private static final String SCHEMAS = "#/components/schemas/";

    /** Texts that break programs. */
    private static final List<String> ODD_TEXTS =
            List.of(
                    "",
                    " ",
                    "\0",
                    "a\0b",
                    "\r\nX-Injected: yes",
                    "\t",
                    "\u007f",
                    "\uffff",
                    "\ud800",
                    "\udc00\ud800",
                    "\ufeff",
                    "\u202e",
                    "\ud83d\ude00",
                    "e\u0301",
                    "..",
                    "../../etc/passwd",
                    "%00",
                    "%2e%2e%2f",
                    "%",
                    "%s%n%d",
                    "${7*7}",
                    "{{7*7}}",
                    "' or 1=1--",
                    "'; drop table asset; --",
                    "<script>alert(1)</script>",
                    "null",
                    "undefined",
                    "NaN",
                    "-1",
                    "0",
                    "1e308",
                    "9223372036854775808",
                    "\uff15\uff10",
                    "true",
                    "[]",
                    "{}",
                    "*",
                    "\\",
                    "\"",
                    "file:///etc/passwd",
                    "file://localhost/etc/passwd",
                    "http://127.0.0.1:1/",
                    "gs://bucket/object",
                    "file:///a%00b",
                    "x".repeat(255),
                    "x".repeat(256),
                    "x".repeat(5000),
                    "é".repeat(200));

    private static final List<String> ODD_TIMES =
            List.of(
                    "2026-05-04T09:30:00Z",
                    "1970-01-01T00:00:00Z",
                    "0000-01-01T00:00:00Z",
                    "-0001-01-01T00:00:00Z",
                    "-1000000000-01-01T00:00:00Z",
                    "+1000000000-12-31T23:59:59.999999999Z",
                    "+294277-01-01T00:00:00Z",
                    "-4714-01-01T00:00:00Z",
                    "9999-12-31T23:59:59.999999999Z",
                    "2026-02-30T00:00:00Z",
                    "2026-05-04T24:00:00Z",
                    "2026-05-04T09:30:00+23:59",
                    "2026-05-04T09:30:60Z",
                    "2026-05-04",
                    "1777887000",
                    "infinity",
                    "now");

    private static final List<String> ODD_NUMBERS =
            List.of(
                    "0",
                    "-0",
                    "-1",
                    "1",
                    "1.5",
                    "0.0",
                    "1e0",
                    "1e2",
                    "1e-400",
                    "1e400",
                    "-1e400",
                    "2147483647",
                    "2147483648",
                    "-2147483648",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-9223372036854775809",
                    "1" + "0".repeat(400),
                    "0." + "0".repeat(400) + "1",
                    "1e999999999",
                    "0x10",
                    "01",
                    "+1",
                    ".5",
                    "5.",
                    "NaN",
                    "Infinity",
                    "1_000");

    private static final List<String> ODD_JSON =
            List.of(
                    "null",
                    "true",
                    "false",
                    "[]",
                    "{}",
                    "[null]",
                    "[[]]",
                    "{\"a\":1}",
                    "\"\"",
                    "\"0\"",
                    "\"1\"",
                    "\"true\"",
                    "0",
                    "1",
                    "[1]",
                    "[\"all\"]",
                    "\"ALL\"",
                    "\" all\"");

    private final Random random;
    private final Stock stock;
    private final JsonNode document;

    Values(Random random, Stock stock, JsonNode document) {
        this.random = random;
        this.stock = stock;
        this.document = document;
    }

    <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    boolean chance(double share) {
        return random.nextDouble() < share;
    }

    String oddText() {
        return any(ODD_TEXTS);
    }

    /** A parameter's text. */
    String text(Stock.Org org, String name, JsonNode schema) {
        double kind = random.nextDouble();
        if (kind < 0.15) {
            return oddText();
        }
        if (kind < 0.3) {
            return schema.path("format").asString("").equals("date-time")
                    ? any(ODD_TIMES)
                    : any(ODD_NUMBERS);
        }
        String json = good(org, name, schema, 0);
        return json.startsWith("\"") ? JsonMapper.shared().readValue(json, String.class) : json;
    }

    /** The JSON of a body or of what is in it; the odder, the less of it is as it should be. */
    String json(Stock.Org org, String name, JsonNode schema, double oddity, int depth) {
        if (chance(oddity)) {
            return odd(schema);
        }
        JsonNode known = resolved(schema);
        if (!known.has("properties") || depth > 4) {
            return good(org, name, known, oddity);
        }
        List<String> fields = new ArrayList<>();
        List<String> required =
                known.path("required").valueStream().map(JsonNode::asString).toList();
        known.path("properties")
                .properties()
                .forEach(property -> {
                    boolean needed = required.contains(property.getKey());
                    if (chance(needed ? 1 - oddity / 2 : 0.3)) {
                        String value =
                                json(
                                        org,
                                        property.getKey(),
                                        property.getValue(),
                                        oddity,
                                        depth + 1);
                        fields.add(quoted(property.getKey()) + ":" + value);
                        if (chance(oddity / 4)) {
                            fields.add(quoted(property.getKey()) + ":" + value);
                        }
                    }
                });
        if (chance(oddity / 2)) {
            fields.add(quoted(oddText()) + ":" + any(ODD_JSON));
        }
        return "{" + String.join(",", fields) + "}";
    }

    private String odd(JsonNode schema) {
        return switch (random.nextInt(4)) {
            case 0 -> any(ODD_JSON);
            case 1 -> any(ODD_NUMBERS);
            case 2 ->
                    quoted(
                            resolved(schema).path("format").asString("").equals("date-time")
                                    ? any(ODD_TIMES)
                                    : oddText());
            default -> edge(resolved(schema));
        };
    }

    /** Just inside of a bound, or just outside. */
    private String edge(JsonNode schema) {
        int off = random.nextInt(3) - 1;
        if (schema.has("maximum") && random.nextBoolean()) {
            return Long.toString(schema.path("maximum").asLong() + off);
        }
        if (schema.has("minimum") || schema.has("exclusiveMinimum")) {
            return Long.toString(schema.path("minimum").asLong(0) + off);
        }
        if (schema.has("maxLength")) {
            return quoted("x".repeat(schema.path("maxLength").asInt() + off));
        }
        if (schema.has("maxItems")) {
            String[] items = new String[schema.path("maxItems").asInt() + off];
            Arrays.fill(items, quoted(any(any(stock.orgs()).assets())));
            return "[" + String.join(",", items) + "]";
        }
        return quoted(oddText());
    }

    private JsonNode resolved(JsonNode schema) {
        if (schema.has("$ref")) {
            return resolved(
                    document.path("components")
                            .path("schemas")
                            .path(schema.path("$ref").asString().replace(SCHEMAS, "")));
        }
        return schema.has("anyOf") ? resolved(schema.path("anyOf").path(0)) : schema;
    }

    /** As the document wants it, and mostly of something that exists. */
    private String good(Stock.Org org, String name, JsonNode schema, double oddity) {
        List<String> pool =
                switch (name) {
                    case "asset_id", "asset_ids" -> org.assets();
                    case "job_id" -> org.jobs();
                    case "upload_id" -> org.uploadIds();
                    case "source_uri" -> org.sources();
                    case "cursor" -> org.cursors();
                    case "org_id" -> List.of(chance(0.9) ? org.name() : any(stock.orgs()).name());
                    case "source_prefix" -> List.of("file:///", org.sources().getFirst());
                    case "failure_code", "failure_codes", "code" ->
                            Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList();
                    case "config" -> List.of("reprobe-all", "reprobe-failed", "thumbnails-missing");
                    case "type" -> List.of("reprobe", "thumbnails", "sidecar", "scan");
                    case "scopes" -> List.of("media:read", "jobs:read", "admin", "nothing");
                    case "item_timeout" -> List.of("1s", "30s", "100ms");
                    case "value" -> List.of("0".repeat(64), "deadbeef");
                    case "source_name" -> List.of("a.mp4", "b c.mov", "ü.wav");
                    case "content_type" -> List.of("video/mp4", "x");
                    case "user_id" -> List.of("ada", "bob");
                    case "If-None-Match" -> List.of("*", "\"x\"", "W/\"x\"", "W/\"5f\", \"x\"");
                    case "Idempotency-Key" -> List.of("a", "b", "c", "k".repeat(255));
                    case "Content-Range" ->
                            List.of("bytes 0-99/1000", "bytes 0-999/1000", "bytes 5-4/3");
                    default -> List.of();
                };
        JsonNode types = schema.path("type");
        String type = types.isArray() ? types.path(0).asString() : types.asString("string");
        if (types.isArray() && chance(0.1)) {
            return "null";
        }
        if (schema.has("enum")) {
            return any(schema.path("enum").valueStream().toList()).toString();
        }
        return switch (type) {
            case "boolean" -> Boolean.toString(random.nextBoolean());
            case "integer", "number" -> number(schema);
            case "array" -> {
                List<String> items = new ArrayList<>();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    items.add(
                            pool.isEmpty() || chance(oddity)
                                    ? json(org, name, schema.path("items"), oddity, 5)
                                    : quoted(any(pool)));
                }
                yield "[" + String.join(",", items) + "]";
            }
            case "object" -> "{}";
            default ->
                    schema.path("format").asString("").equals("date-time")
                            ? quoted("2026-05-04T09:30:00Z")
                            : quoted(pool.isEmpty() ? "text" : any(pool));
        };
    }

    private String number(JsonNode schema) {
        long least = schema.path("minimum").asLong(0);
        long most = schema.path("maximum").asLong(2000);
        return Long.toString(least + (long) (random.nextDouble() * (most - least)));
    }

    static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
