package io.heimdex.archive.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heimdex.archive.node.Roles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

/** Where the keys that verify tokens come from. */
class TokenConfigurationTests {

    private StandInIssuer issuer;

    @BeforeEach
    void startIssuer() throws IOException {
        issuer = new StandInIssuer();
    }

    @AfterEach
    void stopIssuer() {
        issuer.close();
    }

    @Test
    void theIssuerSaysWhereItsKeysAre() {
        assertThat(org(decoder(issuer.address(), null))).isEqualTo("acme");
    }

    @Test
    void theSettingsMaySayWhereTheKeysAre() {
        assertThat(org(decoder(issuer.address(), issuer.address() + "/keys"))).isEqualTo("acme");
    }

    @Test
    void aDocumentOfAnotherIssuerIsNotTaken() {
        JwtDecoder decoder = decoder(issuer.address() + "/", null);

        assertThatThrownBy(() -> org(decoder)).isInstanceOf(JwtException.class);
    }

    @Test
    void anIssuerThatIsAwayAtTheFirstTokenIsAskedAgainForTheNext() {
        JwtDecoder decoder = decoder(issuer.address(), null);

        issuer.down(true);
        assertThatExceptionOfType(JwtException.class)
                .isThrownBy(() -> org(decoder))
                .isNotInstanceOf(BadJwtException.class);
        issuer.down(false);
        assertThat(org(decoder)).isEqualTo("acme");
    }

    @Test
    void withoutAnIssuerTheServiceDoesNotStart() {
        assertThatThrownBy(() -> decoder(null, null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("HEIMDEX_JWT_ISSUER");
    }

    private @Nullable String org(JwtDecoder decoder) {
        return decoder.decode(issuer.signed(issuer.claims("acme"))).getClaimAsString("org_id");
    }

    private static JwtDecoder decoder(@Nullable String issuer, @Nullable String keys) {
        AccessSettings settings =
                new AccessSettings(
                        "RS256",
                        null,
                        issuer,
                        "heimdex",
                        keys,
                        Duration.ofSeconds(30),
                        false,
                        Path.of("unused"));
        return new TokenConfiguration(settings, new Roles(true, false), "production").jwtDecoder();
    }
}
