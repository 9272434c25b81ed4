package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import java.nio.file.Path;
import org.assertj.core.api.AbstractAssert;
import tools.jackson.databind.JsonNode;

/** What must be true of every refusal, whatever was wrong. */
final class ProblemAssert extends AbstractAssert<ProblemAssert, Answer> {

    private ProblemAssert(Answer answer) {
        super(answer, ProblemAssert.class);
    }

    static ProblemAssert assertThatProblem(Answer answer) {
        return new ProblemAssert(answer);
    }

    /** A complete problem document with this status and code, which gives nothing away. */
    ProblemAssert is(int status, String code) {
        assertThat(actual.status() + " " + actual.code())
                .as(actual.response().body())
                .isEqualTo(status + " " + code);
        assertThat(actual.response().headers().firstValue("Content-Type"))
                .hasValue("application/problem+json");
        JsonNode json = actual.json();
        assertThat(json.path("status").asInt()).isEqualTo(status);
        assertThat(json.path("type").asString()).endsWith(code);
        assertThat(json.path("title").asString()).isNotBlank();
        assertThat(json.path("detail").asString()).isNotBlank();
        assertThat(json.path("instance").asString())
                .isEqualTo(actual.response().uri().getRawPath());
        assertGivesNothingAway(actual.response().body());
        return this;
    }

    /** The document names this field as wrong, and only this. */
    ProblemAssert field(String name) {
        assertThat(actual.json().path("errors").size()).as(actual.response().body()).isEqualTo(1);
        assertThat(actual.text("/errors/0/field")).isEqualTo(name);
        assertThat(actual.text("/errors/0/message")).isNotBlank();
        return this;
    }

    /** No stack trace, no class, no SQL, no place on this machine. */
    static void assertGivesNothingAway(String body) {
        assertThat(body)
                .doesNotContain("\tat ", "\\tat ", "Exception", "trace")
                .doesNotContain("io.heimdex", "java.", "tools.jackson", "org.", "com.")
                .doesNotContainIgnoringCase("select ", "insert into", "psql", "sqlstate")
                .doesNotContain(Path.of("").toAbsolutePath().toString())
                .doesNotContain("/tmp/", "/etc/", "/proc/", "/home/", "target/");
    }
}
