package io.heimdex.archive.fuzz;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes requests of the published document. The same seed and number make the same request. */
final class Requests {

    private static final List<String> OTHER_METHODS =
            List.of(
                    "HEAD",
                    "OPTIONS",
                    "PATCH",
                    "PUT",
                    "DELETE",
                    "POST",
                    "GET",
                    "TRACE",
                    "PROPFIND",
                    "get",
                    "FOO",
                    "M-SEARCH");

    private static final List<String> VERSIONS =
            List.of("HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "HTTP/1.1 ", "http/1.1", "X");

    private static final List<String> ACCEPTS =
            List.of(
                    "*/*",
                    "application/json",
                    "application/problem+json",
                    "text/html",
                    "image/png",
                    "application/yaml",
                    "application/xml",
                    "application/cbor",
                    "text/event-stream",
                    "application/json;q=0",
                    "nonsense",
                    ";",
                    "*/*;q=x",
                    "application/*, text/*;q=0.1",
                    "application/json;version=2",
                    "x/".repeat(300));

    private static final List<String> CONTENT_TYPES =
            List.of(
                    "application/json",
                    "application/json;charset=utf-8",
                    "application/json;charset=x",
                    "application/json;charset=utf-16",
                    "application/problem+json",
                    "application/*+json",
                    "application/yaml",
                    "application/xml",
                    "text/plain",
                    "text/yaml",
                    "application/x-www-form-urlencoded",
                    "multipart/form-data",
                    "multipart/form-data; boundary=x",
                    "application/octet-stream",
                    "application/cbor",
                    "nonsense",
                    "*/*",
                    "");

    private static final List<String> ODD_HEADERS =
            List.of(
                    "X-Forwarded-For: 10.0.0.1",
                    "X-Forwarded-Host: evil.example",
                    "X-Forwarded-Proto: https",
                    "X-Forwarded-Prefix: /x",
                    "Forwarded: for=10.0.0.1",
                    "X-HTTP-Method-Override: DELETE",
                    "Origin: https://evil.example",
                    "Origin: null",
                    "Range: bytes=0-10",
                    "Range: bytes=9999999-",
                    "Range: x",
                    "If-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT",
                    "If-Match: \"x\"",
                    "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:01 GMT",
                    "If-None-Match: *",
                    "Expect: 100-continue",
                    "Expect: x",
                    "Content-Encoding: gzip",
                    "Accept-Encoding: gzip, br",
                    "Accept-Language: tlh",
                    "Accept-Charset: utf-7",
                    "Cookie: JSESSIONID=x; a=\"b",
                    "Upgrade: h2c",
                    "Upgrade: websocket",
                    "Authorization: Basic eDp5",
                    "X-Odd: \u0001",
                    "X-Odd: \u00ff\u00fe",
                    "X-Odd:",
                    "X-Long: " + "x".repeat(7000),
                    "X-Longer: " + "x".repeat(20000),
                    "No colon",
                    ": no name",
                    "Sp ace: x",
                    "Content-Length: 5",
                    "Transfer-Encoding: gzip",
                    "Host: evil.example",
                    "Access-Control-Request-Method: POST");

    private static final List<String> ODD_PATHS =
            List.of(
                    "/",
                    "//",
                    "/v1",
                    "/v1/",
                    "/v2/jobs",
                    "/v1/nothing",
                    "/%",
                    "/%zz",
                    "/%00",
                    "/\0",
                    "/v1/jobs/",
                    "/v1//jobs",
                    "/v1/./jobs",
                    "/v1/../v1/jobs",
                    "/v1/jobs;a=b",
                    "/v1/jobs%2f",
                    "/v1/jobs%5c",
                    "/V1/JOBS",
                    "/v1/jobs.json",
                    "/v1/%6aobs",
                    "/v1/jobs#x",
                    "/v1/jobs?#",
                    "/v1/j\u00ffbs",
                    "/v1/%ff",
                    "*",
                    "jobs",
                    "http://localhost/v1/health",
                    "http://evil.example/v1/health",
                    "/error",
                    "/actuator",
                    "/actuator/env",
                    "/webjars/x",
                    "/docs/x",
                    "/openapi.yaml",
                    "/favicon.ico",
                    "/v1/" + "a".repeat(3000),
                    "/" + "a/".repeat(500),
                    "/v1/jobs?" + "a=b&".repeat(800));

    private static final List<String> ODD_BODIES =
            List.of(
                    "",
                    " ",
                    "{",
                    "}",
                    "{}",
                    "[]",
                    "null",
                    "0",
                    "\"\"",
                    "{\"a\"",
                    "{'a':1}",
                    "{a:1}",
                    "{}{}",
                    "{} x",
                    "{}//x",
                    "/*x*/{}",
                    "[1,]",
                    "{\"a\":1,}",
                    "\u0000",
                    "\ufeff{}",
                    "\"\\ud800\"",
                    "{\"a\":\"\u0001\"}",
                    "nul",
                    "tru",
                    "-",
                    "1e",
                    "- a: 1",
                    "&a [*a]",
                    "<x/>",
                    "a=b",
                    "{".repeat(40),
                    "[".repeat(40) + "]".repeat(40),
                    "{\"a\":".repeat(60) + "1" + "}".repeat(60),
                    "[".repeat(20000),
                    "{\"a\":\"" + "x".repeat(70_000) + "\"}",
                    "{\"" + "k".repeat(60_000) + "\":1}",
                    "{\"a\":" + "9".repeat(2000) + "}");

    private final JsonNode document;
    private final Stock stock;
    private final long seed;
    private final List<Operation> operations = new ArrayList<>();

    Requests(JsonNode document, Stock stock, long seed) {
        this.document = document;
        this.stock = stock;
        this.seed = seed;
        document.path("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .properties()
                                .forEach(method ->
                                        operations.add(
                                                new Operation(
                                                        method.getKey().toUpperCase(Locale.ROOT),
                                                        path.getKey(),
                                                        method.getValue()))));
    }

    List<String> routes() {
        return operations.stream().map(Operation::route).toList();
    }

    private record Operation(String method, String path, JsonNode told) {

        String route() {
            return method + " " + path;
        }

        /** The schema of the body, missing if it takes none. */
        JsonNode schema() {
            return told.at("/requestBody/content/application~1json/schema");
        }

        boolean takesBytes() {
            return told.at("/requestBody/content").has("application/octet-stream");
        }
    }

    /**
     * A request.
     *
     * @param route of the document that it was made of
     * @param target as it stands in the first line
     * @param headers whole lines
     * @param json the body, if it is meant to be JSON
     * @param version of HTTP
     * @param inChunks whether the body comes without saying how long it is
     * @param cut whether it ends earlier than it says
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Shot(
            String route,
            String method,
            String target,
            List<String> headers,
            byte[] body,
            @Nullable String json,
            String version,
            boolean inChunks,
            boolean cut) {

        private static final int CHUNK = 300;

        byte[] bytes() {
            List<String> lines = new ArrayList<>();
            lines.add(method + " " + target + " " + version);
            lines.addAll(headers);
            if (headers.stream().noneMatch(line -> line.startsWith("Host:"))) {
                lines.add("Host: localhost");
            }
            if (inChunks) {
                lines.add("Transfer-Encoding: chunked");
            } else if (body.length > 0 || cut || !List.of("GET", "HEAD").contains(method)) {
                lines.add("Content-Length: " + (body.length + (cut ? 10 : 0)));
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(latin(String.join("\r\n", lines) + "\r\n\r\n"));
            if (!inChunks) {
                all.writeBytes(body);
                return all.toByteArray();
            }
            for (int at = 0; at < body.length; at += CHUNK) {
                int size = Math.min(CHUNK, body.length - at);
                all.writeBytes(latin(Integer.toHexString(size) + "\r\n"));
                all.write(body, at, size);
                all.writeBytes(latin("\r\n"));
            }
            all.writeBytes(latin("0\r\n\r\n"));
            return all.toByteArray();
        }

        private static byte[] latin(String text) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public String toString() {
            String shown = new String(body, StandardCharsets.UTF_8);
            return (method + " " + target + " " + headers + " " + shown)
                    .replaceAll("Bearer [^\\s,\\]]+", "Bearer …")
                    .replaceAll("(?s)^(.{700}).*", "$1…");
        }
    }

    Shot shot(int number) {
        Random random = new Random(seed * 1_000_003 + number);
        Values values = new Values(random, stock, document);
        // At first each operation once as it is meant, then anything.
        boolean meant = number < 2 * operations.size();
        Operation operation =
                operations.get(
                        meant ? number % operations.size() : random.nextInt(operations.size()));
        return new Making(operation, values, random, meant).shot();
    }

    /** One request in the making. */
    private final class Making {

        private final Operation operation;
        private final Values values;
        private final Random random;
        private final boolean meant;
        private final Stock.Org org;
        private final List<String> headers = new ArrayList<>();

        Making(Operation operation, Values values, Random random, boolean meant) {
            this.operation = operation;
            this.values = values;
            this.random = random;
            this.meant = meant;
            this.org = meant ? stock.orgs().getLast() : values.any(stock.orgs());
        }

        private boolean odd(double share) {
            return !meant && values.chance(share);
        }

        Shot shot() {
            String target = odd(0.03) ? values.any(ODD_PATHS) : target();
            if (odd(0.02)) {
                target =
                        target
                                + values.any(
                                        List.of("/", "?", "&", ";x=y", "%00", "/..", "#", " x"));
            }
            String method = odd(0.05) ? values.any(OTHER_METHODS) : operation.method();
            authorize();
            if (odd(0.12)) {
                headers.add("Accept: " + values.any(ACCEPTS));
            }
            for (int i = 0; i < 3 && odd(0.08); i++) {
                headers.add(values.any(ODD_HEADERS));
            }
            headerParameters();
            String json = null;
            byte[] body = new byte[0];
            if (!operation.schema().isMissingNode()) {
                json = json();
                Charset charset =
                        odd(0.04)
                                ? values.any(
                                        List.of(
                                                StandardCharsets.UTF_16,
                                                StandardCharsets.UTF_16LE,
                                                StandardCharsets.ISO_8859_1,
                                                StandardCharsets.UTF_32BE))
                                : StandardCharsets.UTF_8;
                body = json.getBytes(charset);
                headers.add(
                        "Content-Type: "
                                + (odd(0.08) ? values.any(CONTENT_TYPES) : "application/json"));
            } else if (operation.takesBytes() || odd(0.05)) {
                body =
                        new byte
                                [meant
                                        ? 1000
                                        : values.any(List.of(0, 1, 100, 999, 1000, 1001, 9000))];
                random.nextBytes(body);
                headers.add(
                        "Content-Type: "
                                + (odd(0.3)
                                        ? values.any(CONTENT_TYPES)
                                        : "application/octet-stream"));
            }
            boolean cut = odd(0.004);
            boolean inChunks = odd(0.05) && !cut;
            return new Shot(
                    operation.route(),
                    method,
                    target,
                    headers,
                    body,
                    json,
                    odd(0.02) ? values.any(VERSIONS) : "HTTP/1.1",
                    inChunks,
                    cut);
        }

        private void authorize() {
            if (operation.told().path("security").isEmpty() && !odd(0.2)) {
                return;
            }
            double kind = meant ? 1 : random.nextDouble();
            if (kind < 0.04) {
                return;
            }
            String token;
            if (kind < 0.1) {
                token =
                        values.any(
                                List.of(
                                        "",
                                        "x",
                                        "a.b.c",
                                        org.strong() + "x",
                                        "..",
                                        "e30.e30.",
                                        "x".repeat(4000),
                                        org.strong() + " " + org.strong()));
            } else {
                token = kind < 0.3 ? values.any(org.tokens()) : org.strong();
            }
            headers.add("Authorization: Bearer " + token);
        }

        private String target() {
            String path = operation.path();
            if (path.startsWith("/v1/uploads/") && (meant || values.chance(0.6))) {
                return values.any(org.uploads());
            }
            String thing = path.replaceAll("/v1/([a-z]+)/\\{id}.*", "$1");
            path =
                    path.replace("{id}", id(thing))
                            .replace("{idx}", number("0"))
                            .replace("{n}", number("1"));
            List<String> query = new ArrayList<>();
            for (JsonNode parameter : operation.told().path("parameters")) {
                if (parameter.path("in").asString().equals("query") && odd(0.4)) {
                    String name = parameter.path("name").asString();
                    int times = odd(0.04) ? 2 : 1;
                    for (int i = 0; i < times; i++) {
                        query.add(
                                name
                                        + "="
                                        + encoded(
                                                values.text(org, name, parameter.path("schema"))));
                    }
                }
            }
            if (odd(0.04)) {
                query.add(
                        values.any(
                                List.of(
                                        "surprise=1",
                                        "limit[]=1",
                                        "=",
                                        "&",
                                        "a",
                                        "limit",
                                        "limit=",
                                        "cursor=%",
                                        "cursor=%00",
                                        "status=%ff",
                                        "%=%",
                                        "limit=+5")));
            }
            return query.isEmpty() ? path : path + "?" + String.join("&", query);
        }

        private String number(String good) {
            return odd(0.3)
                    ? values.any(List.of("2", "-1", "99999999999", "x", "1.0", "%2b1", "0x1", "00"))
                    : good;
        }

        private String id(String thing) {
            double kind = meant ? 0 : random.nextDouble();
            // Otherwise there would soon be none left to look at.
            double own = operation.method().equals("DELETE") && !meant ? 0.05 : 0.7;
            if (kind < own) {
                return of(org, thing);
            }
            if (kind < 0.8) {
                return of(values.any(stock.orgs()), thing);
            }
            if (kind < 0.9) {
                return thing.equals("assets")
                        ? "sha256:" + "0123456789abcdef".repeat(4)
                        : "9b2f7a31-4c55-4f0e-8d21-6a7c0e1f2b3d";
            }
            String encoded = encoded(values.oddText());
            return encoded.isEmpty() ? "%20" : encoded;
        }

        private String of(Stock.Org whose, String thing) {
            // The first of each is what has been worked on.
            if (meant) {
                return switch (thing) {
                    case "assets" -> whose.assets().getFirst();
                    case "jobs" ->
                            operation.path().endsWith("/stop")
                                    ? stock.slow()
                                    : whose.jobs().getFirst();
                    default -> whose.uploadIds().getFirst();
                };
            }
            return values.any(
                    switch (thing) {
                        case "assets" -> whose.assets();
                        case "jobs" -> whose.jobs();
                        default -> whose.uploadIds();
                    });
        }

        private void headerParameters() {
            for (JsonNode parameter : operation.told().path("parameters")) {
                if (parameter.path("in").asString().equals("header") && odd(0.3)) {
                    String name = parameter.path("name").asString();
                    headers.add(
                            name
                                    + ": "
                                    + values.text(org, name, parameter.path("schema"))
                                            .replaceAll("[\r\n]", ""));
                }
            }
        }

        private String json() {
            if (odd(0.05)) {
                return values.any(ODD_BODIES);
            }
            if (odd(0.001)) {
                return "{\"a\":\"" + "x".repeat(1_100_000) + "\"}";
            }
            if (meant) {
                return operation
                        .told()
                        .at("/requestBody/content/application~1json/example")
                        .toString()
                        .replace("\"demo\"", Values.quoted(org.name()))
                        .replaceAll(
                                "\"file:///srv/media[^\"]*\"",
                                Values.quoted(org.sources().getFirst()))
                        .replaceAll("\"upload_id\":\"[^\"]*\",?", "");
            }
            double oddity = values.any(List.of(0.0, 0.0, 0.05, 0.2, 0.5));
            String text = values.json(org, "", operation.schema(), oddity, 0);
            return odd(0.02) ? text.substring(0, random.nextInt(text.length() + 1)) : text;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
