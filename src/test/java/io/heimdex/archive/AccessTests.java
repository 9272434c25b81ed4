package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertGivesNothingAway;
import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.heimdex.archive.RawHttp.Reply;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Who gets in, and what each token opens. */
@ServiceTest
class AccessTests {

    private static final String ASSET = "/v1/assets/sha256:" + "0".repeat(64);
    private static final String JOB = "/v1/jobs/00000000-0000-4000-8000-000000000000";

    @Autowired TestApi api;

    static Stream<Arguments> closedRoutes() {
        return Stream.of(
                Arguments.of("GET", ASSET, Scope.MEDIA_READ),
                Arguments.of("GET", ASSET + "/sidecar", Scope.MEDIA_READ),
                Arguments.of("POST", ASSET + "/sidecar", Scope.JOBS_RUN),
                Arguments.of("GET", JOB, Scope.JOBS_READ),
                Arguments.of("POST", "/v1/ingest/init", Scope.MEDIA_WRITE),
                Arguments.of("POST", "/v1/ingest/commit", Scope.MEDIA_WRITE),
                Arguments.of("POST", "/v1/ingest/probe", Scope.MEDIA_WRITE),
                Arguments.of("GET", "/v1/admin/env-check", Scope.ADMIN));
    }

    @ParameterizedTest
    @MethodSource("closedRoutes")
    void aCallWithoutTokenIsAskedForOne(String method, String path) {
        Answer answer = api.withToken(null).send(method, path, BodyPublishers.ofString("{"));

        assertThatProblem(answer).is(401, "missing_authorization");
        assertThat(answer.response().headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    }

    @Test
    void aPathThatDoesNotExistIsAsClosedAsAnyOther() {
        assertThatProblem(api.withToken(null).get("/v1/nothing")).is(401, "missing_authorization");
    }

    @ParameterizedTest
    @MethodSource("closedRoutes")
    void aTokenWithEveryScopeButTheNeededOneIsRefusedBeforeTheBodyIsRead(
            String method, String path, Scope needed) {
        Client client = api.as(TestApi.newOrg(), allBut(needed, Scope.ADMIN));

        Answer answer =
                client.send(
                        method, path, BodyPublishers.ofString("{"), "Content-Type", "text/plain");

        assertThatProblem(answer)
                .is(403, needed == Scope.ADMIN ? "admin_scope_required" : "scope_required");
    }

    @ParameterizedTest
    @MethodSource("closedRoutes")
    void theNeededScopeAloneOpensARoute(String method, String path, Scope needed) {
        assertThat(open(api.as(TestApi.newOrg(), needed), method, path)).isNotIn(401, 403);
    }

    @ParameterizedTest
    @MethodSource("closedRoutes")
    void adminImpliesEveryScope(String method, String path) {
        assertThat(open(api.as(TestApi.newOrg(), Scope.ADMIN), method, path)).isNotIn(401, 403);
    }

    private static int open(Client client, String method, String path) {
        return client.send(
                        method,
                        path,
                        BodyPublishers.ofString("{}"),
                        "Content-Type",
                        "application/json")
                .status();
    }

    static Stream<Arguments> badTokens() {
        Date past = Date.from(Instant.now().minus(Duration.ofMinutes(5)));
        Date future = Date.from(Instant.now().plus(Duration.ofMinutes(5)));
        return Stream.of(
                token("no JWT at all", () -> "garbage"),
                token("two parts", () -> good().replaceFirst("\\.[^.]*$", "")),
                token("no signature", () -> good().replaceFirst("[^.]*$", "")),
                token("changed claims", AccessTests::movedToOtherOrg),
                token("alg none", () -> new PlainJWT(Tokens.admin("x").build()).serialize()),
                token("other secret", () -> Tokens.signed(Tokens.admin("x"), "s".repeat(44))),
                token("expired", () -> Tokens.signed(Tokens.admin("x").expirationTime(past))),
                token("not yet", () -> Tokens.signed(Tokens.admin("x").notBeforeTime(future))),
                token("for ever", () -> Tokens.signed(Tokens.admin("x").expirationTime(null))));
    }

    /** The secret that signs is made when the service starts, after the arguments are listed. */
    private static Arguments token(String name, Supplier<String> token) {
        return argumentSet(name, token);
    }

    private static String good() {
        return Tokens.signed(Tokens.admin("x"));
    }

    private static String movedToOtherOrg() {
        String[] parts = good().split("\\.", -1);
        String payload =
                new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        assertThat(payload).contains("\"x\"");
        String changed =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                payload.replace("\"x\"", "\"y\"").getBytes(StandardCharsets.UTF_8));
        return parts[0] + "." + changed + "." + parts[2];
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void aBadTokenIsRefused(Supplier<String> token) {
        Answer answer = api.withToken(token.get()).get("/v1/admin/env-check");

        assertThatProblem(answer).is(401, "invalid_token");
        assertThat(answer.response().headers().firstValue("WWW-Authenticate"))
                .hasValue("Bearer error=\"invalid_token\"");
    }

    @Test
    void theTokenThatTheBadOnesAreMadeOfIsGood() {
        assertThat(api.withToken(good()).get("/v1/admin/env-check").status()).isEqualTo(200);
    }

    static Stream<Arguments> tokensWithoutOrg() {
        return Stream.of(
                token("no claim", () -> Tokens.signed(adminOfNoOrg())),
                token("blank", () -> Tokens.signed(adminOfNoOrg().claim("org_id", " "))),
                token("a number", () -> Tokens.signed(adminOfNoOrg().claim("org_id", 7))),
                token("a way up", () -> Tokens.signed(adminOfNoOrg().claim("org_id", "../other"))),
                token(
                        "a list",
                        () -> Tokens.signed(adminOfNoOrg().claim("org_id", List.of("a", "b")))));
    }

    private static JWTClaimsSet.Builder adminOfNoOrg() {
        return Tokens.claims().claim("scopes", List.of("admin"));
    }

    @ParameterizedTest
    @MethodSource("tokensWithoutOrg")
    void aTokenThatNamesNoOrgIsRefused(Supplier<String> token) {
        assertThatProblem(api.withToken(token.get()).get(ASSET)).is(403, "org_scope_required");
    }

    @Test
    void tokensOfOlderClientsAreUnderstood() {
        String org = TestApi.newOrg();
        String token =
                Tokens.signed(
                        Tokens.claims()
                                .subject(null)
                                .claim("user_id", "u1")
                                .claim("tenant", org)
                                .claim("scope", "media:read media:write"));

        Answer init =
                api.withToken(token)
                        .post(
                                "/v1/ingest/init",
                                Map.of("org_id", org, "source_name", "a", "content_length", 1));

        assertThat(init.status()).isEqualTo(201);
    }

    @Test
    void anAdminSeesThatTheToolsAreThereButNotWhere() {
        Answer answer = api.as(TestApi.newOrg(), Scope.ADMIN).get("/v1/admin/env-check");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("ffmpeg").booleanValue()).isTrue();
        assertThat(answer.json().path("ffprobe").booleanValue()).isTrue();
        assertThat(answer.text("/ffprobe_version")).matches("\\D*8\\..*");
        assertThat(answer.response().body()).doesNotContain("/", "native");
        assertGivesNothingAway(answer.response().body());
    }

    @Test
    void healthNeedsNoToken() {
        Answer answer = api.withToken(null).get("/v1/health");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/status")).isEqualTo("ok");
        assertThat(Instant.parse(answer.text("/time")))
                .isBetween(Instant.now().minusSeconds(30), Instant.now().plusSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-For, 127.0.0.1",
        "X-Forwarded-For, 203.0.113.7",
        "Forwarded, for=127.0.0.1"
    })
    void aProxyGetsNoDevToken(String header, String value) {
        assertThatProblem(
                        api.withToken(null)
                                .post("/v1/admin/dev-token", "{\"org_id\":\"x\"}", header, value))
                .is(403, "dev_token_disabled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example"})
    void aPageWhoseNameResolvesToThisMachineGetsNoDevToken(String host) throws IOException {
        Reply reply = devToken(host);

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.head()).contains("application/problem+json");
        assertThat(reply.body()).contains("dev_token_disabled").doesNotContain("\"token\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.0.0.1:8080", "[::1]:8080"})
    void aCallerOnThisMachineGetsADevToken(String host) throws IOException {
        assertThat(devToken(host).status()).isEqualTo(200);
    }

    private Reply devToken(String host) throws IOException {
        return api.raw()
                .exchange(
                        """
                        POST /v1/admin/dev-token HTTP/1.1
                        Host: %s
                        Content-Type: application/json
                        """
                                .formatted(host),
                        "{\"org_id\":\"x\"}");
    }

    static Stream<String> badOrgs() {
        return Stream.of(
                "{}",
                "{\"org_id\":null}",
                "{\"org_id\":\"\"}",
                "{\"org_id\":\" \"}",
                "{\"org_id\":\"../x\"}",
                "{\"org_id\":\"a/b\"}",
                "{\"org_id\":\".hidden\"}",
                "{\"org_id\":\"a\\u0000\"}",
                "{\"org_id\":\"größe\"}",
                "{\"org_id\":\"" + "a".repeat(65) + "\"}");
    }

    @ParameterizedTest
    @MethodSource("badOrgs")
    void aDevTokenIsForAnOrgThatCanBe(String body) {
        assertThatProblem(api.withToken(null).post("/v1/admin/dev-token", body))
                .is(400, "validation_failed")
                .field("org_id");
    }

    @Test
    void aDevTokenIsGoodForAnHourAndWithoutAdmin() {
        Answer answer =
                api.withToken(null).post("/v1/admin/dev-token", Map.of("org_id", TestApi.newOrg()));

        assertThat(answer.status()).isEqualTo(200);
        String claims =
                new String(
                        Base64.getUrlDecoder().decode(answer.text("/token").split("\\.", -1)[1]),
                        StandardCharsets.UTF_8);
        assertThat(claims).contains("media:write").doesNotContain("admin");
        assertThat(number(claims, "exp") - number(claims, "iat")).isEqualTo(3600);
    }

    private static long number(String json, String name) {
        return Long.parseLong(json.replaceAll(".*\"" + name + "\":(\\d+).*", "$1"));
    }

    private static Scope[] allBut(Scope... left) {
        return Arrays.stream(Scope.values())
                .filter(scope -> !List.of(left).contains(scope))
                .toArray(Scope[]::new);
    }
}
