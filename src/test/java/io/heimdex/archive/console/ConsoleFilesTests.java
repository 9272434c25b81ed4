package io.heimdex.archive.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is served below /console, and with which headers. */
@ServiceTest
class ConsoleFilesTests {

    private static final Path FILES = Path.of("src/main/resources/console");
    private static final Pattern LIBRARY = Pattern.compile("\"\\.\\./(lib/[^\"]+)\"");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Autowired TestApi api;

    @Test
    void thePageNeedsNoTokenAndIsAllowedNothingButItsOwn() throws Exception {
        HttpResponse<String> page = get("/console/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Heimdex Archive</title>");
        assertThat(directives(page))
                .contains(
                        "default-src 'none'",
                        "script-src 'self'",
                        "style-src 'self'",
                        "base-uri 'none'",
                        "form-action 'none'",
                        "frame-ancestors 'none'",
                        "require-trusted-types-for 'script'")
                .noneMatch(directive -> directive.contains("unsafe"));
        assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(page, "X-Frame-Options")).isEqualTo("DENY");
        assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(header(page, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
    }

    @Test
    void theAddressWithoutASlashLeadsToThePage() throws Exception {
        HttpResponse<String> answer = get("/console");

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(header(answer, "Location")).isEqualTo("/console/");
    }

    @Test
    void ownFilesAreAskedForAnewAndSentOnlyIfTheyChanged() throws Exception {
        for (String file : ownFiles()) {
            HttpResponse<String> first = get("/console/" + file);
            assertThat(first.statusCode()).as(file).isEqualTo(200);
            assertThat(header(first, "Cache-Control")).as(file).isEqualTo("no-cache");
            HttpResponse<String> again =
                    get("/console/" + file, "If-None-Match", header(first, "ETag"));
            assertThat(again.statusCode()).as(file).isEqualTo(304);
        }
    }

    @Test
    void librariesAreServedInTheVersionThatThePageNamesAndKept() throws Exception {
        List<String> libraries =
                LIBRARY.matcher(Files.readString(FILES.resolve("js/vendor.js")))
                        .results()
                        .map(match -> match.group(1))
                        .toList();

        assertThat(libraries).hasSizeGreaterThan(2);
        for (String file : libraries) {
            HttpResponse<String> answer = get("/console/" + file);
            assertThat(answer.statusCode()).as(file).isEqualTo(200);
            assertThat(header(answer, "Cache-Control")).contains("max-age=31536000", "immutable");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/lib/lit-html/3.3.2/package.json",
                "/console/lib/lit-html/3.3.2/directives/unsafe-html.js",
                "/console/lib/lit-html/lit-html.js",
                "/console/lib/",
                "/console/lib/chart.js/4.5.1/package.json",
                "/console/js/",
                "/console/application.yaml"
            })
    void nothingElseOfALibraryOrTheServiceIsServed(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void whatLiesOnTheClassPathIsNotServedElsewhere() throws Exception {
        assertThat(api.as(TestApi.newOrg()).get("/webjars/lit-html/3.3.2/lit-html.js").status())
                .isEqualTo(404);
    }

    @Test
    void onlyReadingIsOpenToAll() throws Exception {
        assertThat(send("POST", "/console/").statusCode()).isEqualTo(401);
        assertThat(send("HEAD", "/console/").statusCode()).isEqualTo(200);
    }

    @Test
    void theConfigSaysHowToSignInAndNothingSecret() throws Exception {
        HttpResponse<String> config = get("/console/config.json");

        assertThat(config.statusCode()).isEqualTo(200);
        assertThat(header(config, "Cache-Control")).isEqualTo("no-store");
        assertThat(json(config).path("dev_tokens").asBoolean()).isTrue();
        assertThat(json(config).propertyNames()).containsExactly("dev_tokens", "oidc");
        assertThat(
                        json(get("/console/config.json", "X-Forwarded-For", "203.0.113.7"))
                                .path("dev_tokens")
                                .asBoolean())
                .isFalse();
    }

    /** Whoever reads a screen's code sees all of it. */
    @Test
    void scriptsAreShortAndHaveNoWayAroundThePolicy() throws Exception {
        for (String file : ownFiles()) {
            if (file.endsWith(".js")) {
                String script = Files.readString(FILES.resolve(file));
                assertThat(script.lines().count()).as(file).isLessThanOrEqualTo(300);
                assertThat(script)
                        .as(file)
                        .doesNotContain(
                                "innerHTML", "unsafeHTML", "eval(", "document.write", "style=\"");
            }
        }
    }

    /** Not by the API's client: these are no calls of the API. */
    private HttpResponse<String> get(String path, String... headers)
            throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    private HttpResponse<String> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(api.base() + path))
                        .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body());
    }

    private static List<String> ownFiles() throws IOException {
        try (Stream<Path> files = Files.walk(FILES)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> FILES.relativize(file).toString())
                    .toList();
        }
    }

    private static List<String> directives(HttpResponse<String> page) {
        return Arrays.asList(header(page, "Content-Security-Policy").split("; ", -1));
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
