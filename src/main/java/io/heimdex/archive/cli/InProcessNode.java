package io.heimdex.archive.cli;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/**
 * A node in this process, which only this process can talk to: it listens on the loopback address
 * and takes tokens of one secret that was made for it.
 */
final class InProcessNode {

    private static final int SECRET_BYTES = 32;
    private static final Duration TOKEN_LIFETIME = Duration.ofDays(30);

    private InProcessNode() {}

    static Server start(Class<?> application, String org) {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        String secret = HexFormat.of().formatHex(random);
        ConfigurableApplicationContext node;
        try {
            node =
                    new SpringApplicationBuilder(application)
                            .run(
                                    "--heimdex.roles=api,worker",
                                    "--heimdex.access.jwt-algorithm=HS256",
                                    "--heimdex.access.jwt-secret=" + secret,
                                    "--heimdex.access.jwt-issuer=",
                                    "--heimdex.access.jwt-audience=",
                                    "--heimdex.access.jwks-uri=",
                                    "--heimdex.access.dev-tokens=false",
                                    "--heimdex.local.first-run=false",
                                    "--server.address=127.0.0.1",
                                    "--server.port=0",
                                    "--management.server.address=127.0.0.1",
                                    "--management.server.port=0",
                                    "--logging.threshold.console=OFF");
        } catch (RuntimeException e) {
            throw new CliException(
                    "the node cannot start: "
                            + NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        }
        int port =
                Objects.requireNonNull(((WebServerApplicationContext) node).getWebServer())
                        .getPort();
        return new Server("http://127.0.0.1:" + port, token(secret, org), node::close);
    }

    private static String token(String secret, String org) {
        Instant now = InstantSource.system().instant();
        return NimbusJwtEncoder.withSecretKey(
                        new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"))
                .algorithm(MacAlgorithm.HS256)
                .build()
                .encode(
                        JwtEncoderParameters.from(
                                JwsHeader.with(MacAlgorithm.HS256).build(),
                                JwtClaimsSet.builder()
                                        .subject("cli:" + System.getProperty("user.name"))
                                        .claim("org_id", org)
                                        .claim(
                                                "scopes",
                                                List.of("jobs:run", "jobs:read", "jobs:operate"))
                                        .issuedAt(now)
                                        .expiresAt(now.plus(TOKEN_LIFETIME))
                                        .build()))
                .getTokenValue();
    }
}
