package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.openapi.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** The document of the API and the page around it. */
@ServiceTest
class DocsTests {

    @Autowired TestApi api;

    @Test
    void theDocumentIsThePublishedOneForEverybody() throws IOException {
        Answer answer = stranger().get("/openapi.json");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
        assertThat(answer.response().body()).isEqualTo(Files.readString(Contract.FILE));
        assertThat(
                        stranger()
                                .get("/openapi.json", "If-None-Match", header(answer, "ETag"))
                                .status())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @CsvSource({
        "/docs, text/html",
        "/docs/start.js, text/javascript",
        "/docs/swagger-ui-bundle.js, text/javascript",
        "/docs/swagger-ui.css, text/css",
        "/docs/favicon-32x32.png, image/png"
    })
    void thePageIsOpenToAllAndMayLoadNothingFromElsewhere(String path, String type) {
        Answer answer = stranger().get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(header(answer, "Content-Type")).startsWith(type);
        assertThat(header(answer, "Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'")
                .doesNotContain("http", "unsafe");
        assertThat(answer.response().body()).isNotEmpty();
    }

    /** Its policy would not let them run. */
    @Test
    void thePageHasNoScriptOfItsOwnInIt() {
        String page = stranger().get("/docs").response().body();

        assertThat(page).doesNotContainPattern(Pattern.compile("<script(?![^>]* src=\"docs/)"));
        assertThat(page).doesNotContainPattern(" on[a-z]+=").doesNotContain("javascript:");
    }

    @ParameterizedTest
    @CsvSource({
        "/docs/",
        "/docs/index.html",
        "/docs/swagger-ui.js",
        "/docs/%2e%2e/application.yaml"
    })
    void nothingElseOfTheWebJarIsServed(String path) {
        assertThat(stranger().get(path).status()).isBetween(400, 404);
    }

    private Client stranger() {
        return api.withToken(null);
    }

    private static String header(Answer answer, String name) {
        return answer.response().headers().firstValue(name).orElse("");
    }
}
