package io.heimdex.archive.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server that answers the API. */
final class Server implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int OK = 200;
    private static final int FIRST_ERROR = 300;
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final String url;
    private final @Nullable String token;
    private final Runnable end;

    Server(String url, @Nullable String token, Runnable end) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.token = token;
        this.end = end;
    }

    /** A server in its local profile gives tokens to callers on its own machine. */
    static Server withDevToken(String url, String org) {
        try (Server stranger = new Server(url, null, () -> {})) {
            JsonNode answer =
                    stranger.post("/v1/admin/dev-token", Map.of("org_id", org, "user_id", "cli"));
            return new Server(url, answer.path("token").asString(), () -> {});
        }
    }

    /** The server cannot be reached, or cannot answer right now. */
    static final class AwayException extends Exception {

        private static final long serialVersionUID = 1L;

        AwayException(String message) {
            super(message);
        }
    }

    JsonNode get(String path) {
        try {
            return send("GET", path, null);
        } catch (AwayException e) {
            throw new CliException(String.valueOf(e.getMessage()));
        }
    }

    JsonNode post(String path, Object body) {
        try {
            return send("POST", path, JSON.writeValueAsString(body));
        } catch (AwayException e) {
            throw new CliException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Asks the server.
     *
     * @throws CliException with the server's code and sentence if it refuses
     */
    JsonNode send(String method, String path, @Nullable String body) throws AwayException {
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(URI.create(url + path)).timeout(ANSWER);
        } catch (IllegalArgumentException e) {
            throw new CliException(url + " is no URL of a server");
        }
        request.header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> answer;
        try {
            answer = http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AwayException("service_unavailable: no server answers at " + url);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted");
        }
        JsonNode json = json(answer);
        if (answer.statusCode() >= OK && answer.statusCode() < FIRST_ERROR) {
            return json;
        }
        String problem =
                json.path("code").asString("http_" + answer.statusCode())
                        + ": "
                        + json.path("detail")
                                .asString("the answer of " + url + " is none of Heimdex");
        if (answer.statusCode() / 100 == 5) {
            throw new AwayException(problem);
        }
        throw new CliException(problem);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JacksonException e) {
            return JSON.nullNode();
        }
    }

    @Override
    public void close() {
        http.close();
        end.run();
    }
}
