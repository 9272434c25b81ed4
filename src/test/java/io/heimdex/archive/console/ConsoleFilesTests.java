package io.heimdex.archive.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What is served below /console, and with which headers. */
@ServiceTest
class ConsoleFilesTests {

    private static final Path FILES = Path.of("src/main/resources/console");
    private static final Pattern LIBRARY = Pattern.compile("\"\\.\\./(lib/[^\"]+)\"");

    @Autowired TestApi api;
    private Client nobody;

    @BeforeEach
    void whoHasNoToken() {
        nobody = api.withToken(null);
    }

    @Test
    void thePageNeedsNoTokenAndIsAllowedNothingButItsOwn() {
        Answer page = nobody.get("/console/");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.response().body()).contains("<title>Heimdex Archive</title>");
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
    void theAddressWithoutASlashLeadsToThePage() {
        Answer answer = nobody.get("/console");

        assertThat(answer.status()).isEqualTo(302);
        assertThat(header(answer, "Location")).isEqualTo("/console/");
    }

    @Test
    void ownFilesAreAskedForAnewAndSentOnlyIfTheyChanged() throws IOException {
        for (String file : ownFiles()) {
            Answer first = nobody.get("/console/" + file);
            assertThat(first.status()).as(file).isEqualTo(200);
            assertThat(header(first, "Cache-Control")).as(file).isEqualTo("no-cache");
            Answer again = nobody.get("/console/" + file, "If-None-Match", header(first, "ETag"));
            assertThat(again.status()).as(file).isEqualTo(304);
        }
    }

    @Test
    void librariesAreServedInTheVersionThatThePageNamesAndKept() throws IOException {
        List<String> libraries =
                LIBRARY.matcher(Files.readString(FILES.resolve("js/vendor.js")))
                        .results()
                        .map(match -> match.group(1))
                        .toList();

        assertThat(libraries).hasSizeGreaterThan(2);
        for (String file : libraries) {
            Answer answer = nobody.get("/console/" + file);
            assertThat(answer.status()).as(file).isEqualTo(200);
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
    void nothingElseOfALibraryOrTheServiceIsServed(String path) {
        assertThat(nobody.get(path).status()).isEqualTo(404);
    }

    @Test
    void whatLiesOnTheClassPathIsNotServedElsewhere() {
        Client somebody = api.as(TestApi.newOrg());

        assertThat(somebody.get("/webjars/lit-html/3.3.2/lit-html.js").status()).isEqualTo(404);
    }

    @Test
    void onlyReadingIsOpenToAll() {
        assertThat(nobody.send("POST", "/console/", BodyPublishers.noBody()).status())
                .isEqualTo(401);
        assertThat(nobody.send("HEAD", "/console/", BodyPublishers.noBody()).status())
                .isEqualTo(200);
    }

    @Test
    void theConfigSaysHowToSignInAndNothingSecret() {
        Answer config = nobody.get("/console/config.json");

        assertThat(config.status()).isEqualTo(200);
        assertThat(header(config, "Cache-Control")).isEqualTo("no-store");
        assertThat(config.json().path("dev_tokens").asBoolean()).isTrue();
        assertThat(config.json().propertyNames()).containsExactly("dev_tokens", "oidc");
        assertThat(
                        nobody.get("/console/config.json", "X-Forwarded-For", "203.0.113.7")
                                .json()
                                .path("dev_tokens")
                                .asBoolean())
                .isFalse();
    }

    /** Whoever reads a screen's code sees all of it. */
    @Test
    void scriptsAreShortAndHaveNoWayAroundThePolicy() throws IOException {
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

    private static List<String> ownFiles() throws IOException {
        try (Stream<Path> files = Files.walk(FILES)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> FILES.relativize(file).toString())
                    .toList();
        }
    }

    private static List<String> directives(Answer page) {
        return Arrays.asList(header(page, "Content-Security-Policy").split("; ", -1));
    }

    private static String header(Answer answer, String name) {
        return answer.response().headers().firstValue(name).orElse("");
    }
}
