package io.heimdex.archive;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Tokens of every kind, signed with the service's own secret or with another. */
final class Tokens {

    private Tokens() {}

    /** Claims of a token that is good for an hour and names no org and no scope. */
    static JWTClaimsSet.Builder claims() {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .subject("somebody")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(Duration.ofHours(1))));
    }

    /** Claims of a token that may do everything for the org. */
    static JWTClaimsSet.Builder admin(String org) {
        return claims().claim("org_id", org).claim("scopes", List.of("admin"));
    }

    /** The token, signed as the service itself would sign it. */
    static String signed(JWTClaimsSet.Builder claims) {
        try {
            return signed(claims, Files.readString(Path.of("target/test-data/jwt-secret")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static String signed(JWTClaimsSet.Builder claims, String secret) {
        try {
            SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
            token.sign(new MACSigner(secret.strip().getBytes(StandardCharsets.UTF_8)));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
