package io.heimdex.archive.access;

import io.heimdex.archive.contract.Fails;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Scope;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
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

    private final ObjectProvider<JwtEncoder> encoder;
    private final AccessSettings settings;
    private final Clock clock;

    DevTokenController(ObjectProvider<JwtEncoder> encoder, AccessSettings settings, Clock clock) {
        this.encoder = encoder;
        this.settings = settings;
        this.clock = clock;
    }

    /** A token for an hour, in the local profile and for callers on the same machine only. */
    @OpenToAll
    @Fails(ErrorCode.DEV_TOKEN_DISABLED)
    @PostMapping("/v1/admin/dev-token")
    Answer devToken(@Valid @RequestBody Request body) {
        JwtEncoder signer = encoder.getIfAvailable();
        if (signer == null) {
            throw DevTokenGate.disabled();
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

    record Request(
            @NotNull String orgId,
            @Size(max = 16) @Nullable List<@NotNull @Size(max = 64) String> scopes,
            @Size(max = 255) @Pattern(regexp = "\\P{Cntrl}*") @Nullable String userId) {}

    record Answer(String token) {}
}
