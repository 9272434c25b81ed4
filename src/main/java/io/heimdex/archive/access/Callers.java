package io.heimdex.archive.access;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** Reads the caller out of a verified token. */
final class Callers {

    private Callers() {}

    /**
     * The caller of the current request.
     *
     * @throws HeimdexException {@code missing_authorization}, or {@code org_scope_required} if the
     *     token names no org
     */
    static Caller current() {
        if (SecurityContextHolder.getContext().getAuthentication()
                instanceof JwtAuthenticationToken authentication) {
            return of(authentication.getToken());
        }
        throw new HeimdexException(
                ErrorCode.MISSING_AUTHORIZATION, "Send an Authorization: Bearer header.");
    }

    /** The org of the current request, if it shows a token that names one. */
    static Optional<OrgId> org() {
        return SecurityContextHolder.getContext().getAuthentication()
                        instanceof JwtAuthenticationToken authentication
                ? org(authentication.getToken())
                : Optional.empty();
    }

    private static Optional<OrgId> org(Jwt token) {
        return text(token, "org_id").or(() -> text(token, "tenant")).flatMap(OrgId::parse);
    }

    private static Caller of(Jwt token) {
        OrgId org =
                org(token)
                        .orElseThrow(() ->
                                new HeimdexException(
                                        ErrorCode.ORG_SCOPE_REQUIRED,
                                        "The token has no usable org_id (or tenant) claim."));
        String user = text(token, "sub").or(() -> text(token, "user_id")).orElse("unknown");
        return new Caller(org, user, scopes(token));
    }

    private static Set<Scope> scopes(Jwt token) {
        Stream<String> array =
                token.getClaim("scopes") instanceof List<?> values
                        ? values.stream().filter(String.class::isInstance).map(String.class::cast)
                        : Stream.empty();
        Stream<String> line =
                text(token, "scope").stream().flatMap(value -> Arrays.stream(value.split(" ", -1)));
        return Stream.concat(array, line)
                .map(Scope::parse)
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<String> text(Jwt token, String claim) {
        @Nullable Object value = token.getClaim(claim);
        return value instanceof String text
                        && !text.isBlank()
                        && text.chars().noneMatch(Character::isISOControl)
                ? Optional.of(text)
                : Optional.empty();
    }
}
