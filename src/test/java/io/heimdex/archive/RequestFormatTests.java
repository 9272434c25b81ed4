package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertGivesNothingAway;
import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.RawHttp.Reply;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Requests that are not what the contract says: each is told what is wrong, and nothing else. */
@ServiceTest
class RequestFormatTests {

    private static final String INIT = "/v1/ingest/init";
    private static final String COMMIT = "/v1/ingest/commit";
    private static final String PROBE = "/v1/ingest/probe";
    private static final String SIDECAR = "/v1/assets/sha256:" + "0".repeat(64) + "/sidecar";
    private static final String DEV_TOKEN = "/v1/admin/dev-token";

    static final String[] ROUTES = {INIT, COMMIT, PROBE, SIDECAR, DEV_TOKEN};

    @Autowired TestApi api;

    private Client client;

    @BeforeEach
    void aClient() {
        client = api.as(TestApi.newOrg());
    }

    @ParameterizedTest
    @FieldSource("ROUTES")
    void anUnknownFieldIsRefusedByName(String path) {
        assertThatProblem(client.post(path, "{\"surprise\":1}"))
                .is(400, "validation_failed")
                .field("surprise");
    }

    @Test
    void anUnknownFieldInsideAnotherIsRefusedByItsPath() {
        assertThatProblem(client.post(SIDECAR, "{\"policy\":{\"surprise\":1}}"))
                .is(400, "validation_failed")
                .field("policy.surprise");
    }

    @ParameterizedTest
    @FieldSource("ROUTES")
    void whatIsNoJsonIsMalformed(String path) {
        for (String body : new String[] {"{", "{\"a\"", "{}}", "{} {}", "<xml/>", "{'a':1}"}) {
            assertThatProblem(client.post(path, body)).is(400, "malformed_request");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {INIT, COMMIT, PROBE, DEV_TOKEN})
    void aMissingBodyIsMalformed(String path) {
        assertThatProblem(client.post(path, "")).is(400, "malformed_request");
        assertThatProblem(client.post(path, "null")).is(400, "malformed_request");
    }

    @ParameterizedTest
    @FieldSource("ROUTES")
    void aBodyThatIsNoObjectIsRefused(String path) {
        for (String body : new String[] {"[]", "[{}]", "\"text\"", "7", "true"}) {
            Answer answer = client.post(path, body);
            assertThatProblem(answer).is(400, "malformed_request");
        }
    }

    static Stream<Arguments> wrongFields() {
        String name = "\"source_name\":\"a\"";
        String init = name + ",\"content_length\":1";
        String source = "\"source_uri\":\"file:///a\"";
        return Stream.of(
                Arguments.of(INIT, "\"content_length\":1", "source_name"),
                Arguments.of(INIT, "\"source_name\":\"\",\"content_length\":1", "source_name"),
                Arguments.of(INIT, "\"source_name\":null,\"content_length\":1", "source_name"),
                Arguments.of(INIT, "\"source_name\":{},\"content_length\":1", "source_name"),
                Arguments.of(INIT, "\"source_name\":[\"a\"],\"content_length\":1", "source_name"),
                Arguments.of(INIT, name, "content_length"),
                Arguments.of(INIT, name + ",\"content_length\":null", "content_length"),
                Arguments.of(INIT, name + ",\"content_length\":-1", "content_length"),
                Arguments.of(INIT, name + ",\"content_length\":1.5", "content_length"),
                Arguments.of(INIT, name + ",\"content_length\":\"many\"", "content_length"),
                Arguments.of(INIT, name + ",\"content_length\":true", "content_length"),
                Arguments.of(INIT, name + ",\"content_length\":[1]", "content_length"),
                Arguments.of(INIT, name + ",\"content_length\":1e30", "content_length"),
                Arguments.of(
                        INIT, name + ",\"content_length\":9223372036854775808", "content_length"),
                Arguments.of(INIT, init + ",\"content_type\":{}", "content_type"),
                Arguments.of(INIT, init + ",\"content_type\":\"a\\u0000b\"", "content_type"),
                Arguments.of(INIT, init + ",\"content_type\":\"a\\r\\nX-B: c\"", "content_type"),
                Arguments.of(
                        INIT,
                        init + ",\"content_type\":\"" + "a".repeat(256) + "\"",
                        "content_type"),
                Arguments.of(INIT, init + ",\"checksum\":\"abc\"", "checksum"),
                Arguments.of(
                        INIT, init + ",\"checksum\":{\"algorithm\":\"sha256\"}", "checksum.value"),
                Arguments.of(
                        INIT,
                        init + ",\"checksum\":{\"value\":\"00000000\"}",
                        "checksum.algorithm"),
                Arguments.of(
                        INIT,
                        init + ",\"checksum\":{\"algorithm\":\"md5\",\"value\":\"00\"}",
                        "checksum.algorithm"),
                Arguments.of(
                        INIT,
                        init + ",\"checksum\":{\"algorithm\":\"sha256\",\"value\":\"00\"}",
                        "checksum.value"),
                Arguments.of(
                        INIT,
                        init + ",\"checksum\":{\"algorithm\":\"crc32c\",\"value\":\"zzzzzzzz\"}",
                        "checksum.value"),
                Arguments.of(COMMIT, "", "source_uri"),
                Arguments.of(COMMIT, "\"source_uri\":\"\"", "source_uri"),
                Arguments.of(COMMIT, "\"source_uri\":[]", "source_uri"),
                Arguments.of(COMMIT, source + ",\"upload_id\":{}", "upload_id"),
                Arguments.of(
                        COMMIT, source + ",\"weak_threshold_bytes\":-1", "weak_threshold_bytes"),
                Arguments.of(
                        COMMIT, source + ",\"weak_threshold_bytes\":\"a\"", "weak_threshold_bytes"),
                Arguments.of(
                        COMMIT, source + ",\"weak_threshold_bytes\":{}", "weak_threshold_bytes"),
                Arguments.of(PROBE, "", "source_uri"),
                Arguments.of(PROBE, "\"source_uri\":\" \"", "source_uri"),
                Arguments.of(
                        PROBE, source + ",\"weak_threshold_bytes\":-1", "weak_threshold_bytes"),
                Arguments.of(SIDECAR, "\"source_uri\":{}", "source_uri"),
                Arguments.of(SIDECAR, "\"weak_threshold_bytes\":-1", "weak_threshold_bytes"),
                Arguments.of(SIDECAR, "\"policy\":7", "policy"),
                Arguments.of(SIDECAR, "\"policy\":{\"max_count\":0}", "policy.max_count"),
                Arguments.of(SIDECAR, "\"policy\":{\"max_count\":51}", "policy.max_count"),
                Arguments.of(SIDECAR, "\"policy\":{\"max_count\":1.5}", "policy.max_count"),
                Arguments.of(SIDECAR, "\"policy\":{\"max_height\":63}", "policy.max_height"),
                Arguments.of(SIDECAR, "\"policy\":{\"interval_s\":0}", "policy.interval_s"),
                Arguments.of(SIDECAR, "\"policy\":{\"interval_s\":-1}", "policy.interval_s"),
                Arguments.of(SIDECAR, "\"policy\":{\"interval_s\":\"NaN\"}", "policy.interval_s"),
                Arguments.of(DEV_TOKEN, "\"org_id\":{}", "org_id"),
                Arguments.of(DEV_TOKEN, "\"org_id\":\"x\",\"scopes\":\"admin\"", "scopes"),
                Arguments.of(DEV_TOKEN, "\"org_id\":\"x\",\"user_id\":{}", "user_id"));
    }

    @ParameterizedTest
    @MethodSource("wrongFields")
    void aWrongFieldIsRefusedByName(String path, String fields, String wrong) {
        assertThatProblem(client.post(path, "{" + fields + "}"))
                .is(400, "validation_failed")
                .field(wrong);
    }

    @Test
    void everyWrongFieldIsNamedAtOnce() {
        Answer answer = client.post(INIT, "{\"source_name\":\"\",\"content_length\":-1}");

        assertThatProblem(answer).is(400, "validation_failed");
        assertThat(answer.json().path("errors").findValuesAsString("field"))
                .containsExactlyInAnyOrder("source_name", "content_length");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"max_count\":1}", "{\"max_count\":50}", "{\"max_height\":64}", "{}"})
    void aPolicyWithinItsBoundsIsTaken(String policy) {
        assertThatProblem(client.post(SIDECAR, "{\"policy\":" + policy + "}"))
                .is(404, "asset_not_found");
    }

    @Test
    void anIdempotencyKeyHasAtMost255Characters() {
        assertThatProblem(client.post(SIDECAR, "{}", "Idempotency-Key", "k".repeat(256)))
                .is(400, "validation_failed")
                .field("Idempotency-Key");
        assertThatProblem(client.post(SIDECAR, "{}", "Idempotency-Key", " "))
                .is(400, "validation_failed")
                .field("Idempotency-Key");
        assertThatProblem(client.post(SIDECAR, "{}", "Idempotency-Key", "k".repeat(255)))
                .is(404, "asset_not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1", "/v1/nothing", "/v2/assets/x", "/v1/assets/a/b/c"})
    void anUnknownPathIsNotFound(String path) {
        assertThatProblem(client.get(path)).is(404, "not_found");
        assertThatProblem(
                        client.send(
                                "POST", path, BodyPublishers.ofString("{}"), "Content-Type", "*/*"))
                .is(404, "not_found");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/assets/x, asset_not_found",
        "/v1/assets/sha256:00, asset_not_found",
        "/v1/assets/x/sidecar, asset_not_found",
        "/v1/jobs/x, job_not_found",
        "/v1/jobs/1-1-1-1-1, job_not_found",
        "/v1/jobs/1, job_not_found",
    })
    void anIdThatCannotBeIsNotFound(String path, String code) {
        assertThatProblem(client.get(path)).is(404, code);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, " + INIT,
        "DELETE, " + COMMIT,
        "PUT, /v1/assets/x/sidecar",
        "POST, /v1/health",
        "PATCH, /v1/jobs/x"
    })
    void aWrongMethodIsRefusedAndTheRightOnesNamed(String method, String path) {
        Answer answer = client.send(method, path, BodyPublishers.noBody());

        assertThatProblem(answer).is(405, "method_not_allowed");
        assertThat(answer.response().headers().firstValue("Allow")).isPresent();
    }

    @ParameterizedTest
    @FieldSource("ROUTES")
    void aBodyOfAnotherTypeIsRefused(String path) {
        for (String type :
                new String[] {
                    "text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"
                }) {
            assertThatProblem(
                            client.send(
                                    "POST",
                                    path,
                                    BodyPublishers.ofString("{}"),
                                    "Content-Type",
                                    type))
                    .is(415, "unsupported_media_type");
        }
    }

    @Test
    void anAnswerInATypeThatWeDoNotSpeakIsRefusedInOneThatWeDo() {
        assertThatProblem(client.get("/v1/health", "Accept", "image/png"))
                .is(406, "not_acceptable");
        assertThatProblem(client.get("/v1/jobs/x", "Accept", "image/png")).is(404, "job_not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/assets/%2e%2e/%2e%2e/etc/passwd",
                "/v1/assets/..%2f..%2fetc",
                "/v1/assets/a%5cb",
                "/v1/assets/a;b=c",
                "/v1/assets/a%00b",
                "/v1//assets/a",
                "/v1/assets/%0d%0aX-Y:z",
                "/v1/assets/[x]",
                "/v1/assets/%zz",
                "/v1/assets/a|b",
                "/v1/assets/{x}",
                "/v1/assets/a\\b",
                "/v1/assets/<x>"
            })
    void aStrangePathIsRefusedInTheSameForm(String path) throws IOException {
        Reply reply =
                api.raw()
                        .exchange(
                                "GET "
                                        + path
                                        + " HTTP/1.1\nHost: localhost\nAuthorization: Bearer "
                                        + Tokens.signed(Tokens.admin("x")),
                                "");

        assertThat(reply.status()).as(reply.body()).isBetween(400, 404);
        assertThat(reply.head()).contains("application/problem+json");
        assertThat(reply.body()).contains("\"code\"", "\"detail\"", "\"instance\"");
        assertGivesNothingAway(reply.body().replaceAll("\"instance\":\"[^\"]*\"", ""));
    }

    @Test
    void aHeaderTooLargeForTheServerGivesNothingAway() throws IOException {
        Reply reply =
                api.raw()
                        .exchange(
                                "GET /v1/health HTTP/1.1\nHost: localhost\nX-Large: "
                                        + "x".repeat(98_400),
                                "");

        assertThat(reply.status()).isIn(400, 431);
        assertGivesNothingAway(reply.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "a\\u0000b", "\\ud800", "\\uffff", "'; drop table asset --"})
    void textThatNoDatabaseTakesIsNoFaultOfTheService(String text) {
        String asset = client.asset("a.txt", new byte[] {1});

        for (String body :
                new String[] {
                    "{\"source_uri\":\"" + text + "\"}",
                    "{\"source_uri\":\"file:///" + text + "\"}",
                    "{\"source_uri\":\"file:///a\",\"upload_id\":\"" + text + "\"}",
                    "{\"source_name\":\"" + text + "\",\"content_length\":1}"
                }) {
            for (String path :
                    new String[] {INIT, COMMIT, PROBE, "/v1/assets/" + asset + "/sidecar"}) {
                assertThat(client.post(path, body).status()).as(path + " " + body).isLessThan(500);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/ingest/init", "/v1/ingest/commit", "/v1/admin/dev-token"})
    void aRequestThatIsFarTooLongIsNotReadToItsEnd(String path) {
        Answer answer =
                api.as(TestApi.newOrg())
                        .post(path, "{\"org_id\":\"" + "a".repeat(1_100_000) + "\"}");

        assertThatProblem(answer).is(413, "request_too_large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'reprobe','select':{'which':'all','source_prefix':'a\\u0000b'}}",
                "{'type':'reprobe','select':{'asset_ids':['a\\u0000b']}}",
                "{'type':'scan','select':{'source_prefix':'file:///a\\u0000b'}}",
                "{'config':'a\\u0000b'}",
                "{'type':'reprobe','select':{'which':'all','source_prefix':'\\ud800'}}",
                "{'type':'reprobe','select':{'asset_ids':['\\ud800']}}",
                "{'type':'reprobe','select':{'asset_ids':[null]}}",
                "{'type':'reprobe','select':{'which':'failed','failure_codes':[null]}}"
            })
    void aRunIsNotAskedForWithTextThatNoDatabaseTakes(String body) {
        String json = body.replace('\'', '"');
        for (String run : new String[] {json, json.replaceFirst("}$", ",\"dry_run\":true}")}) {
            assertThat(client.post("/v1/jobs", run).status()).as(run).isBetween(200, 499);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/assets?source_prefix=a%00b",
                "/v1/jobs?asset_id=%00",
                "/v1/jobs?status=%ff",
                "/v1/jobs?type=%ff",
                "/v1/jobs?since=2026-05-04T09:30:00Z&=",
                "/v1/assets?cursor=%",
                "/v1/assets?%=%"
            })
    void aQueryThatCannotBeReadIsMalformed(String path) throws IOException {
        Reply reply =
                api.raw()
                        .exchange(
                                "GET "
                                        + path
                                        + " HTTP/1.1\nHost: localhost\nAuthorization: Bearer "
                                        + client.token(),
                                "");

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.body()).contains("\"code\":\"malformed_request\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+1000000000-12-31T23:59:59Z",
                "-1000000000-01-01T00:00:00Z",
                "+294277-01-01T00:00:00Z",
                "2026-02-30T00:00:00Z",
                "Mon, 04 May 2026 09:30:00 GMT",
                "1777887000000",
                "today"
            })
    void aTimeIsAsInRfc3339(String time) {
        String encoded = URLEncoder.encode(time, StandardCharsets.UTF_8);
        assertThatProblem(client.get("/v1/jobs?since=" + encoded))
                .is(400, "validation_failed")
                .field("since");
        assertThatProblem(client.get("/v1/assets?probed_before=" + encoded))
                .is(400, "validation_failed")
                .field("probed_before");
        assertThatProblem(
                        client.post(
                                "/v1/jobs",
                                "{\"type\":\"reprobe\",\"select\":{\"which\":\"all\",\"probed_before\":\""
                                        + time
                                        + "\"}}"))
                .is(400, "validation_failed")
                .field("select.probed_before");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z"})
    void aTimeMayBeAsEarlyAndLateAsItCanBeWritten(String time) {
        assertThat(client.get("/v1/jobs?since=" + time).status()).isEqualTo(200);
        assertThat(client.get("/v1/assets?probed_before=" + time).status()).isEqualTo(200);
    }

    @Test
    void aWrongConstantIsToldTheRightOnes() {
        Answer answer = client.get("/v1/jobs?status=waiting");

        assertThatProblem(answer).is(400, "validation_failed").field("status");
        assertThat(answer.text("/errors/0/message"))
                .isEqualTo("must be one of queued, running, succeeded, failed, stopped");
        assertThat(client.post("/v1/jobs", "{\"type\":\"all\"}").text("/errors/0/message"))
                .isEqualTo("must be one of reprobe, thumbnails, scan");
    }

    @Test
    void aNumberIsNoTextAndATextNoNumber() {
        assertThatProblem(client.post(INIT, "{\"source_name\":7,\"content_length\":1}"))
                .is(400, "validation_failed")
                .field("source_name");
        assertThatProblem(client.post(INIT, "{\"source_name\":\"a\",\"content_length\":\"1\"}"))
                .is(400, "validation_failed")
                .field("content_length");
        assertThatProblem(client.post("/v1/jobs", "{\"type\":\"reprobe\",\"dry_run\":1}"))
                .is(400, "validation_failed")
                .field("dry_run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", ";", "*/*;q=x", "application/json;q=0"})
    void aRefusalIsToldWhateverTheClientAccepts(String accept) {
        assertThatProblem(client.get("/v1/jobs/x", "Accept", accept)).is(404, "job_not_found");
        assertThatProblem(client.get("/v1/jobs?limit=0", "Accept", accept))
                .is(400, "validation_failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/yaml", "application/problem+json", "application/x-yaml"})
    void jsonIsAllThatIsSpoken(String type) {
        assertThatProblem(client.get("/v1/health", "Accept", type)).is(406, "not_acceptable");
        assertThatProblem(client.get("/v1/jobs", "Accept", type)).is(406, "not_acceptable");
    }

    @ParameterizedTest
    @FieldSource("ROUTES")
    void aBodyOfAllTypesOrOfOneBesideJsonIsRefused(String path) {
        for (String type :
                new String[] {"*/*", "application/*", "application/*+json", "application/yaml"}) {
            assertThatProblem(
                            client.send(
                                    "POST",
                                    path,
                                    BodyPublishers.ofString("{}"),
                                    "Content-Type",
                                    type))
                    .is(415, "unsupported_media_type");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/health HTTP/1.1\nTransfer-Encoding: gzip",
                "GET /v1/health HTTP/9.9",
                "GET /v1/health HTTP/1.1\nTransfer-Encoding: nonsense, chunked"
            })
    void whatTheServerNeverHeardOfIsAFaultOfTheClient(String head) throws IOException {
        Reply reply = api.raw().exchange(head + "\nHost: localhost", "");

        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(reply.body()).contains("\"code\":\"malformed_request\"");
    }

    @Test
    void documentsThatAreOpenToAllAreServedWholeAndHaveAHead() {
        Client stranger = api.withToken(null);
        for (String path :
                new String[] {"/v1/health", "/v1/schemas/sidecar-1.0.json", "/openapi.json"}) {
            assertThat(stranger.get(path, "Range", "bytes=0-9").status()).isEqualTo(200);
            Answer head = stranger.send("HEAD", path, BodyPublishers.noBody());
            assertThat(head.status()).as(path).isEqualTo(200);
        }
    }

    @Test
    void aUserWhoseNameNoDatabaseTakesIsServedAllTheSame() {
        String org = TestApi.newOrg();
        String asset = api.as(org).asset("a.txt", new byte[] {1});
        Client odd = api.withToken(Tokens.signed(Tokens.admin(org).subject("a\0b")));

        assertThat(odd.post("/v1/assets/" + asset + "/sidecar", "{}").status()).isEqualTo(202);
    }
}
