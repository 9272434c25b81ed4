package io.heimdex.archive.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Scope;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

class CallersTests {

    private static final List<Scope> MEDIA = List.of(Scope.MEDIA_READ);

    @AfterEach
    void forgetTheCaller() {
        SecurityContextHolder.clearContext();
    }

    @ParameterizedTest
    @MethodSource
    void theOrgIsTheTokens(Map<String, Object> claims) {
        call(claims);

        assertThat(Callers.current().org()).isEqualTo(new OrgId("acme"));
    }

    static Stream<Map<String, Object>> theOrgIsTheTokens() {
        return Stream.of(
                Map.of("org_id", "acme"),
                Map.of("tenant", "acme"),
                Map.of("org_id", "acme", "tenant", "other"),
                Map.of("org_id", " ", "tenant", "acme"));
    }

    @ParameterizedTest
    @MethodSource
    void aTokenWithoutAUsableOrgIsRefused(Map<String, Object> claims) {
        call(claims);

        assertRefused(ErrorCode.ORG_SCOPE_REQUIRED);
    }

    static Stream<Map<String, Object>> aTokenWithoutAUsableOrgIsRefused() {
        return Stream.of(
                Map.of("sub", "ann"),
                Map.of("org_id", ""),
                Map.of("org_id", " "),
                Map.of("org_id", List.of("acme")),
                Map.of("tenant", List.of("acme")),
                Map.of("org_id", Map.of("name", "acme")),
                Map.of("org_id", 7),
                Map.of("org_id", "../acme"),
                Map.of("org_id", "acme/other"),
                Map.of("org_id", " acme"),
                Map.of("org_id", "a".repeat(65)),
                Map.of("org_id", "../acme", "tenant", "acme"));
    }

    @ParameterizedTest
    @MethodSource
    void theUserIsTheTokens(Map<String, Object> claims, String user) {
        call(claims);

        assertThat(Callers.current().user()).isEqualTo(user);
    }

    static Stream<Arguments> theUserIsTheTokens() {
        return Stream.of(
                Arguments.of(Map.of("org_id", "acme", "sub", "ann"), "ann"),
                Arguments.of(Map.of("org_id", "acme", "user_id", "bob"), "bob"),
                Arguments.of(Map.of("org_id", "acme", "sub", "ann", "user_id", "bob"), "ann"),
                Arguments.of(Map.of("org_id", "acme"), "unknown"));
    }

    @ParameterizedTest
    @MethodSource
    void theScopesAreTheTokens(Map<String, Object> claims, List<Scope> scopes) {
        call(claims);

        assertThat(Callers.current().scopes()).containsExactlyInAnyOrderElementsOf(scopes);
    }

    static Stream<Arguments> theScopesAreTheTokens() {
        List<Scope> readAndRun = List.of(Scope.MEDIA_READ, Scope.JOBS_RUN);
        return Stream.of(
                scopes("scopes", List.of("media:read", "jobs:run"), readAndRun),
                scopes("scope", "media:read jobs:run", readAndRun),
                scopes("scope", " media:read  jobs:run ", readAndRun),
                scopes("scopes", List.of("media:read", "other:read", "MEDIA:WRITE", ""), MEDIA),
                scopes("scope", "media:read openid media:write2", MEDIA),
                scopes("scopes", List.of("media:read", 7, List.of("admin")), MEDIA),
                scopes("scopes", List.of("media:read", "media:read"), MEDIA),
                scopes("scopes", "admin", List.of()),
                scopes("scope", List.of("admin"), List.of()),
                scopes("scopes", List.of("media:read,admin"), List.of()),
                scopes("scopes", List.of(), List.of()),
                scopes("sub", "admin", List.of()),
                Arguments.of(
                        Map.of(
                                "org_id", "acme",
                                "scopes", List.of("media:read"),
                                "scope", "jobs:run"),
                        readAndRun));
    }

    @Test
    void withoutATokenThereIsNoCaller() {
        assertRefused(ErrorCode.MISSING_AUTHORIZATION);
    }

    @Test
    void anythingButATokenIsNoCaller() {
        SecurityContextHolder.getContext()
                .setAuthentication(new TestingAuthenticationToken("ann", "secret", "admin"));

        assertRefused(ErrorCode.MISSING_AUTHORIZATION);
    }

    private static Arguments scopes(String claim, Object value, List<Scope> scopes) {
        return Arguments.of(Map.of("org_id", "acme", claim, value), scopes);
    }

    private static void call(Map<String, Object> claims) {
        Jwt token =
                Jwt.withTokenValue("token")
                        .header("alg", "HS256")
                        .claims(all -> all.putAll(claims))
                        .build();
        SecurityContextHolder.getContext().setAuthentication(new JwtAuthenticationToken(token));
    }

    private static void assertRefused(ErrorCode code) {
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(Callers::current)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
