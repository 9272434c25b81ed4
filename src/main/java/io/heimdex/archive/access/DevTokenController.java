package io.heimdex.archive.access;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Tokens for trying things out, in the local profile and for callers on this machine only. */
@RestController
class DevTokenController {

    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final List<String> ALL_BUT_ADMIN =
            Arrays.stream(Scope.values())
                    .filter(scope -> scope != Scope.ADMIN)
                    .map(Scope::value)
                    .toList();
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final ObjectProvider<JwtEncoder> encoder;
    private final AccessSettings settings;
    private final Clock clock;

    DevTokenController(ObjectProvider<JwtEncoder> encoder, AccessSettings settings, Clock clock) {
        this.encoder = encoder;
        this.settings = settings;
        this.clock = clock;
    }

    @OpenToAll
    @PostMapping("/v1/admin/dev-token")
    Answer devToken(@Valid @RequestBody Request body, HttpServletRequest request) {
        JwtEncoder signer = encoder.getIfAvailable();
        if (signer == null || !fromThisMachine(request)) {
            throw new HeimdexException(
                    ErrorCode.DEV_TOKEN_DISABLED,
                    "Dev tokens are for the local profile and callers on the same machine; ask the issuer for a token.");
        }
        OrgId org =
                OrgId.parse(body.orgId())
                        .orElseThrow(() ->
                                HeimdexException.invalidField(
                                        "org_id",
                                        "must be 1 to 64 letters, digits, dots, dashes or underscores"));
        return new Answer(
                signer.encode(
                                JwtEncoderParameters.from(
                                        JwsHeader.with(settings.macAlgorithm()).build(),
                                        claims(org, body)))
                        .getTokenValue());
    }

    private JwtClaimsSet claims(OrgId org, Request body) {
        Instant now = clock.instant();
        List<String> scopes = body.scopes();
        String user = body.userId();
        JwtClaimsSet.Builder claims =
                JwtClaimsSet.builder()
                        .subject(user == null ? "dev" : user)
                        .claim("org_id", org.value())
                        .claim("scopes", scopes == null ? ALL_BUT_ADMIN : scopes)
                        .issuedAt(now)
                        .expiresAt(now.plus(LIFETIME));
        if (settings.jwtIssuer() != null) {
            claims.issuer(settings.jwtIssuer());
        }
        if (settings.jwtAudience() != null) {
            claims.audience(List.of(settings.jwtAudience()));
        }
        return claims.build();
    }

    /**
     * A proxy on this machine, or a page that had its own name resolve to it, is not a caller on
     * this machine.
     */
    private static boolean fromThisMachine(HttpServletRequest request) {
        try {
            return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()
                    && LOCAL_NAMES.contains(request.getServerName())
                    && request.getHeader("Forwarded") == null
                    && request.getHeader("X-Forwarded-For") == null;
        } catch (UnknownHostException _) {
            return false;
        }
    }

    record Request(@NotNull String orgId, @Nullable List<String> scopes, @Nullable String userId) {}

    record Answer(String token) {}
}
