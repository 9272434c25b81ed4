package io.heimdex.archive.access;

import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.validation.annotation.Validated;

/**
 * How tokens are checked.
 *
 * @param jwtAlgorithm the one signature algorithm that is accepted
 * @param jwtSecret the shared secret of an HS algorithm, at least 32 bytes; the local profile makes
 *     one if it is absent
 * @param jwtIssuer the issuer that a token must name; for RS and ES algorithms also where the
 *     public keys are found
 * @param jwtAudience the audience that a token must name
 * @param jwksUri where the issuer's public keys are, if not where its discovery document says
 * @param keysInterval in which the issuer's keys are fetched twice at most, however many tokens
 *     name a key that is not known
 * @param devTokens whether POST /v1/admin/dev-token hands out tokens to callers on this machine
 * @param dataDir the folder that keeps the generated secret
 */
@Validated
@ConfigurationProperties("heimdex.access")
record AccessSettings(
        @Pattern(regexp = "(HS|RS|ES|PS)(256|384|512)") @DefaultValue("HS256") String jwtAlgorithm,
        @Nullable String jwtSecret,
        @Nullable String jwtIssuer,
        @Nullable String jwtAudience,
        @Nullable String jwksUri,
        @DefaultValue("30s") Duration keysInterval,
        @DefaultValue("false") boolean devTokens,
        @DefaultValue("data") Path dataDir) {

    AccessSettings {
        jwtSecret = blankToNull(jwtSecret);
        jwtIssuer = blankToNull(jwtIssuer);
        jwtAudience = blankToNull(jwtAudience);
        jwksUri = blankToNull(jwksUri);
    }

    boolean sharedSecret() {
        return jwtAlgorithm.startsWith("HS");
    }

    /** A shared secret has to be as long as its algorithm's hash. */
    int minSecretBytes() {
        return Integer.parseInt(jwtAlgorithm.substring(2)) / Byte.SIZE;
    }

    MacAlgorithm macAlgorithm() {
        return Objects.requireNonNull(MacAlgorithm.from(jwtAlgorithm));
    }

    SignatureAlgorithm signatureAlgorithm() {
        return Objects.requireNonNull(SignatureAlgorithm.from(jwtAlgorithm));
    }

    private static @Nullable String blankToNull(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }
}
