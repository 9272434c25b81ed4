package io.heimdex.archive.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands in for an issuer of tokens, whose keys are fetched over HTTP. */
public final class StandInIssuer implements AutoCloseable {

    private final HttpServer server;
    private final String address;
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile RSAKey key = newKey("first");
    private volatile boolean down;

    public StandInIssuer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        address = "http://localhost:" + server.getAddress().getPort();
        server.createContext(
                "/.well-known/openid-configuration",
                exchange ->
                        answer(
                                exchange,
                                "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/keys\",\"subject_types_supported\":[\"public\"]}"
                                        .formatted(address, address)));
        server.createContext(
                "/keys",
                exchange -> {
                    fetches.incrementAndGet();
                    answer(exchange, new JWKSet(key.toPublicJWK()).toString());
                });
        server.start();
    }

    public static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What tokens name as their issuer. */
    public String address() {
        return address;
    }

    public RSAKey key() {
        return key;
    }

    /** From now on it has this key alone. */
    public void rotateTo(RSAKey next) {
        key = next;
    }

    /** Whether it answers nothing but that it cannot. */
    public void down(boolean down) {
        this.down = down;
    }

    /** How often its keys were asked for. */
    public int fetches() {
        return fetches.get();
    }

    /** Claims of a token that may do everything for the org. */
    public JWTClaimsSet.Builder claims(String org) {
        return new JWTClaimsSet.Builder()
                .issuer(address)
                .audience("heimdex")
                .subject("alice")
                .claim("org_id", org)
                .claim("scopes", List.of("admin"))
                .expirationTime(Date.from(Instant.now().plusSeconds(600)));
    }

    public String signed(JWTClaimsSet.Builder claims) {
        return signed(claims, key);
    }

    public static String signed(JWTClaimsSet.Builder claims, RSAKey key) {
        return signed(
                claims,
                key,
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build());
    }

    public static String signed(JWTClaimsSet.Builder claims, RSAKey key, JWSHeader header) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims.build());
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(down ? 503 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
