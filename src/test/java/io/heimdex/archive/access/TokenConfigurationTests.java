package io.heimdex.archive.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.heimdex.archive.node.Roles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;

/** Tokens of an issuer whose keys are fetched over HTTP, as in production. */
class TokenConfigurationTests {

    private static HttpServer issuerServer;
    private static String issuer;
    private static RSAKey key;
    private static JwtDecoder decoder;

    @BeforeAll
    static void startIssuer() throws IOException, JOSEException {
        key = new RSAKeyGenerator(2048).keyID("current").generate();
        issuerServer =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer = "http://localhost:" + issuerServer.getAddress().getPort();
        issuerServer.createContext(
                "/.well-known/openid-configuration",
                exchange ->
                        answer(
                                exchange,
                                "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\",\"subject_types_supported\":[\"public\"]}"
                                        .formatted(issuer, issuer)));
        issuerServer.createContext(
                "/keys", exchange -> answer(exchange, new JWKSet(key.toPublicJWK()).toString()));
        issuerServer.start();
        decoder = decoder(issuer);
    }

    @AfterAll
    static void stopIssuer() {
        issuerServer.stop(0);
    }

    @Test
    void aTokenOfTheIssuerIsTaken() throws JOSEException {
        assertThat(decoder.decode(signed(claims().build(), key)).getClaimAsString("org_id"))
                .isEqualTo("acme");
    }

    @Test
    void aTokenSignedWithAnotherKeyIsRefused() throws JOSEException {
        RSAKey other = new RSAKeyGenerator(2048).keyID("current").generate();
        refused(signed(claims().build(), other));
    }

    @Test
    void aTokenSignedWithThePublicKeyAsASecretIsRefused() throws JOSEException {
        SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims().build());
        jwt.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
        refused(jwt.serialize());
    }

    @Test
    void aTokenOfAnotherIssuerIsRefused() throws JOSEException {
        refused(signed(claims().issuer("http://other").build(), key));
    }

    @Test
    void aTokenForAnotherAudienceOrForNoneIsRefused() throws JOSEException {
        refused(signed(claims().audience("other").build(), key));
        refused(signed(claims().audience((String) null).build(), key));
    }

    @Test
    void aTokenThatNeverExpiresIsRefused() throws JOSEException {
        refused(signed(claims().expirationTime(null).build(), key));
    }

    @Test
    void anExpiredTokenIsRefused() throws JOSEException {
        refused(
                signed(
                        claims().expirationTime(Date.from(Instant.now().minusSeconds(61))).build(),
                        key));
    }

    @Test
    void withoutAnIssuerTheServiceDoesNotStart() {
        assertThatThrownBy(() -> decoder(null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("HEIMDEX_JWT_ISSUER");
    }

    private static JwtDecoder decoder(@Nullable String issuer) {
        AccessSettings settings =
                new AccessSettings(
                        "RS256", null, issuer, "heimdex", null, false, Path.of("unused"));
        return new TokenConfiguration(settings, new Roles(true, false), "production").jwtDecoder();
    }

    private static void refused(String token) {
        assertThatThrownBy(() -> decoder.decode(token)).isInstanceOf(JwtException.class);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience("heimdex")
                .subject("alice")
                .claim("org_id", "acme")
                .expirationTime(Date.from(Instant.now().plusSeconds(600)));
    }

    private static String signed(JWTClaimsSet claims, RSAKey key) throws JOSEException {
        SignedJWT jwt =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                        claims);
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
