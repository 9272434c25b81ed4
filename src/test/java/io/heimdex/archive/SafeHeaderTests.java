package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.TestRoutes.Route;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;

/** What every answer tells a browser, whoever asks for whatever and however that ends. */
@ServiceTest
class SafeHeaderTests {

    private static final Map<String, String> ALWAYS =
            Map.of(
                    "x-content-type-options", "nosniff",
                    "x-frame-options", "DENY",
                    "referrer-policy", "no-referrer",
                    "cross-origin-resource-policy", "same-origin",
                    "content-security-policy", "default-src 'none'; frame-ancestors 'none'");

    private static final String TRANSPORT = "strict-transport-security";

    @Autowired TestApi api;
    @Autowired ApplicationContext service;

    @Value("${local.management.port}")
    int managementPort;

    @Test
    void everyAnswerOfEveryRouteHasThem() throws IOException {
        Client admin = api.as(TestApi.newOrg(), Scope.ADMIN);
        String asset = admin.asset("a.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4")));
        String job = admin.sidecarJob(asset).text("/job_id");
        for (Route route : TestRoutes.of(service)) {
            // The pages for people have policies of their own.
            if (route.path().startsWith("/console")
                    || route.path().startsWith("/docs")
                    || route.path().equals("/openapi.json")) {
                continue;
            }
            String own = route.path().startsWith("/v1/jobs") ? job : asset;
            assertSafe(route, call(admin, route, own));
            assertSafe(route, call(admin, route, "x"));
            assertSafe(route, call(api.withToken(null), route, own));
            assertSafe(route, call(api.as(TestApi.newOrg(), Scope.MEDIA_READ), route, own));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /nowhere",
                "GET /",
                "TRACE /v1/jobs",
                "PUT /v1/jobs",
                "GET /v1/assets/a|b",
                "GET /v1/assets/%00",
                "GET /v1/assets/;x",
                "GET //v1/jobs",
                "GET /v1/../etc",
                "GET /error",
                "GET v1",
                "BREW /v1/jobs"
            })
    void whatIsNoRouteHasThemToo(String line) throws IOException {
        RawHttp.Reply reply = api.raw().exchange(line + " HTTP/1.1\nHost: localhost", "");

        assertThat(reply.status()).isBetween(400, 501);
        String head = reply.head().toLowerCase(Locale.ROOT);
        ALWAYS.forEach((name, value) ->
                assertThat(head).contains(name + ": " + value.toLowerCase(Locale.ROOT)));
        assertThat(head).containsPattern("cache-control: [^\r]*no-store").doesNotContain(TRANSPORT);
    }

    @Test
    void behindTlsBrowsersAreToldToStayThere() {
        Answer answer = api.withToken(null).get("/v1/health", "X-Forwarded-Proto", "https");

        assertThat(answer.response().headers().firstValue(TRANSPORT)).hasValue("max-age=31536000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/actuator/health", "/actuator/prometheus", "/actuator/env", "/nowhere"})
    void theManagementPortHasThemToo(String path) {
        Answer answer = api.withToken(null).get("http://localhost:" + managementPort + path);

        ALWAYS.forEach((name, value) ->
                assertThat(answer.response().headers().allValues(name))
                        .as(path)
                        .containsExactly(value));
    }

    private static void assertSafe(Route route, Answer answer) {
        Map<String, java.util.List<String>> headers = answer.response().headers().map();
        ALWAYS.forEach((name, value) ->
                assertThat(headers.get(name)).as("%s: %s", route, name).containsExactly(value));
        assertThat(headers).as(route.toString()).doesNotContainKey(TRANSPORT);
        assertThat(headers).doesNotContainKeys("server", "x-powered-by");
        String cached =
                String.join(",", headers.getOrDefault("cache-control", java.util.List.of()));
        if (answer.status() == 200 && route.path().endsWith("/sidecar-1.0.json")) {
            assertThat(cached).contains("public");
        } else if (answer.status() == 200 && route.path().matches(".*/(sidecar|thumbnails/.*)")) {
            assertThat(cached).as(route.toString()).contains("private");
        } else {
            assertThat(cached).as(route + " " + answer.status()).contains("no-store");
        }
    }

    private static Answer call(Client client, Route route, String id) {
        return client.send(
                route.method(),
                route.of(id),
                BodyPublishers.ofString("{}"),
                "Content-Type",
                "application/json");
    }
}
