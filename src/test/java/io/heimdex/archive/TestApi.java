package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.openapi.Contract;
import io.heimdex.archive.sidecar.SidecarSchema;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service as its clients see it: HTTP and JSON, nothing else. */
@TestComponent
public class TestApi {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    private final ServletWebServerApplicationContext context;

    public TestApi(ServletWebServerApplicationContext context) {
        this.context = context;
    }

    /** An answer of the service. */
    public record Answer(int status, HttpResponse<String> response, JsonNode json) {

        public String code() {
            return json.path("code").asString("");
        }

        public String text(String pointer) {
            return json.at(pointer).asString("");
        }
    }

    /** A name that no other test uses. */
    public static String newOrg() {
        return "org-" + UUID.randomUUID();
    }

    public String base() {
        return "http://localhost:" + Objects.requireNonNull(context.getWebServer()).getPort();
    }

    /** For what only a socket can send. */
    public RawHttp raw() {
        return new RawHttp(Objects.requireNonNull(context.getWebServer()).getPort());
    }

    /** A client of the org with every scope but admin. */
    public Client as(String org) {
        return as(
                org,
                Arrays.stream(Scope.values())
                        .filter(scope -> scope != Scope.ADMIN)
                        .toArray(Scope[]::new));
    }

    public Client as(String org, Scope... scopes) {
        Answer answer =
                new Client(null)
                        .post(
                                "/v1/admin/dev-token",
                                Map.of(
                                        "org_id",
                                        org,
                                        "scopes",
                                        Arrays.stream(scopes).map(Scope::value).toList()));
        return new Client(answer.text("/token"));
    }

    /** A client that sends this text as its bearer token, or none. */
    public Client withToken(@Nullable String token) {
        return new Client(token);
    }

    /** A caller of the service. */
    public final class Client {

        private final @Nullable String token;

        private Client(@Nullable String token) {
            this.token = token;
        }

        public String token() {
            return Objects.requireNonNull(token);
        }

        public Answer get(String path, String... headers) {
            return send("GET", path, BodyPublishers.noBody(), headers);
        }

        /** The body of what is no text. */
        public byte[] bytes(String path) {
            try {
                return HTTP.send(
                                HttpRequest.newBuilder(URI.create(base() + path))
                                        .timeout(Duration.ofSeconds(60))
                                        .header("Authorization", "Bearer " + token)
                                        .build(),
                                BodyHandlers.ofByteArray())
                        .body();
            } catch (IOException e) {
                throw new IllegalStateException(path, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(path, e);
            }
        }

        public Answer post(String path, Object body, String... headers) {
            String[] all = Arrays.copyOf(headers, headers.length + 2);
            all[headers.length] = "Content-Type";
            all[headers.length + 1] = "application/json";
            String text = body instanceof String raw ? raw : JSON.writeValueAsString(body);
            return send("POST", path, BodyPublishers.ofString(text), all);
        }

        public Answer delete(String path) {
            return send("DELETE", path, BodyPublishers.noBody());
        }

        public Answer put(String url, byte[] body, String... headers) {
            return send("PUT", url, BodyPublishers.ofByteArray(body), headers);
        }

        /** Announces and uploads the bytes. */
        public Answer upload(String name, byte[] bytes) {
            Answer init =
                    post(
                            "/v1/ingest/init",
                            Map.of("source_name", name, "content_length", bytes.length));
            assertThat(put(init.text("/presigned/upload_url"), bytes).status()).isEqualTo(204);
            return init;
        }

        public Answer commit(String sourceUri) {
            return post("/v1/ingest/commit", Map.of("source_uri", sourceUri));
        }

        /** Uploads and commits the bytes; the asset's id. */
        public String asset(String name, byte[] bytes) {
            return commit(upload(name, bytes).text("/presigned/asset_uri")).text("/asset_id");
        }

        /** Asks for the asset's sidecar and waits for the job's end; the job. */
        public Answer sidecarJob(String asset) {
            return finished(post("/v1/assets/" + asset + "/sidecar", Map.of()).text("/job_id"));
        }

        /** The job, once it has ended. */
        public Answer finished(String job) {
            return Awaitility.await("job " + job + " ends")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .until(
                            () -> get("/v1/jobs/" + job),
                            answer ->
                                    List.of("succeeded", "failed", "stopped")
                                            .contains(answer.text("/status")));
        }

        public Answer send(String method, String path, BodyPublisher body, String... headers) {
            URI uri = URI.create(path.startsWith("http") ? path : base() + path);
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(uri)
                            .method(method, body)
                            .timeout(Duration.ofSeconds(60));
            if (token != null) {
                request.header("Authorization", "Bearer " + token);
            }
            if (headers.length > 0) {
                request.headers(headers);
            }
            try {
                HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
                String text = response.body();
                JsonNode json = text.startsWith("{") ? JSON.readTree(text) : JSON.nullNode();
                if (json.has("schema_version")) {
                    SidecarSchema.check(json);
                }
                check(method, uri, response);
                return new Answer(response.statusCode(), response, json);
            } catch (IOException e) {
                throw new IllegalStateException(method + " " + path, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(method + " " + path, e);
            }
        }
    }

    /** Every answer that any test sees is held against the published document of the API. */
    private void check(String method, URI uri, HttpResponse<String> response) {
        if (uri.toString().startsWith(base()) && !uri.getPath().matches("/(legacy|docs).*")) {
            assertThat(
                            Contract.published()
                                    .violations(
                                            new Contract.Observed(
                                                    method,
                                                    uri.getRawPath(),
                                                    response.statusCode(),
                                                    response.headers().map(),
                                                    response.body())))
                    .as("what docs/reference/openapi.json does not allow")
                    .isEmpty();
        }
    }

    /** A shipped sample. */
    public static Path sample(String name) {
        return Path.of("samples", name);
    }
}
