package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.TestRoutes.Route;
import io.heimdex.archive.access.StandInIssuer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Tokens of an issuer, as in production: what is wrong with one opens no route at all. */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadTokenTests {

    @Autowired TestDatabase databases;

    private final String database = "tokens_" + UUID.randomUUID().toString().replace("-", "");
    private StandInIssuer issuer;
    private ConfigurableApplicationContext node;
    private TestApi api;

    @BeforeAll
    void start() throws IOException {
        issuer = new StandInIssuer();
        List<String> settings = new ArrayList<>(databases.create(database));
        settings.addAll(
                List.of(
                        "--heimdex.data-dir=target/test-data",
                        "--heimdex.local.first-run=false",
                        "--heimdex.access.jwt-algorithm=RS256",
                        "--heimdex.access.jwt-issuer=" + issuer.address(),
                        "--heimdex.access.jwt-audience=heimdex",
                        "--heimdex.access.keys-interval=1s",
                        "--heimdex.legacy.enabled=true",
                        "--server.port=0",
                        "--management.server.port=0",
                        "--spring.datasource.hikari.maximum-pool-size=5",
                        "--logging.level.root=ERROR"));
        node =
                new SpringApplicationBuilder(HeimdexApplication.class)
                        .run(settings.toArray(String[]::new));
        api = new TestApi((ServletWebServerApplicationContext) node);
    }

    @AfterAll
    void stop() {
        node.close();
        issuer.close();
        databases.drop(database);
    }

    @Test
    void aBadTokenOpensNoRoute() throws Exception {
        Map<String, String> tokens = badTokens();
        assertThat(tokens).hasSizeGreaterThanOrEqualTo(25);
        assertThat(call(issuer.signed(good()), "GET", "/v1/jobs").status()).isEqualTo(200);

        for (Route route : TestRoutes.of(node)) {
            if (!route.open()) {
                tokens.forEach((kind, token) -> {
                    Answer answer = call(token, route.method(), route.of("x"));
                    assertThat(answer.status()).as("%s with %s", route, kind).isEqualTo(401);
                    assertThatProblem(answer).is(401, "invalid_token");
                });
            }
        }
    }

    @Test
    void aTokenOf64KilobytesOpensNoRouteEither() {
        String large = issuer.signed(good().claim("padding", "x".repeat(65_536)));

        for (Route route : TestRoutes.of(node)) {
            if (!route.open()) {
                assertThatProblem(call(large, route.method(), route.of("x")))
                        .is(401, "invalid_token");
            }
        }
    }

    /** Nobody works out the signature of what no issuer sends. */
    @Test
    void aGoodTokenOfMoreThan8KilobytesIsABadOne() {
        String large = issuer.signed(good().claim("padding", "x".repeat(5_000)));
        String larger = issuer.signed(good().claim("padding", "x".repeat(6_000)));

        assertThat(call(large, "GET", "/v1/jobs").status()).isEqualTo(200);
        assertThatProblem(call(larger, "GET", "/v1/jobs")).is(401, "invalid_token");
    }

    @Test
    void newKeysOfTheIssuerAreLearnt() {
        RSAKey before = issuer.key();
        String old = issuer.signed(good());
        assertThat(call(old, "GET", "/v1/jobs").status()).isEqualTo(200);

        issuer.rotateTo(StandInIssuer.newKey("second"));
        try {
            await().untilAsserted(() ->
                    assertThat(call(issuer.signed(good()), "GET", "/v1/jobs").status())
                            .isEqualTo(200));
            assertThatProblem(call(old, "GET", "/v1/jobs")).is(401, "invalid_token");
        } finally {
            issuer.rotateTo(before);
            await().untilAsserted(
                            () -> assertThat(call(old, "GET", "/v1/jobs").status()).isEqualTo(200));
        }
    }

    @Test
    void knownKeysOutliveAnOutageOfTheIssuer() {
        String token = issuer.signed(good());
        assertThat(call(token, "GET", "/v1/jobs").status()).isEqualTo(200);

        issuer.down(true);
        try {
            assertThat(call(token, "GET", "/v1/jobs").status()).isEqualTo(200);
            String unknown = StandInIssuer.signed(good(), StandInIssuer.newKey("unknown"));
            assertThatProblem(call(unknown, "GET", "/v1/jobs")).is(401, "invalid_token");
        } finally {
            issuer.down(false);
        }
    }

    @Test
    void aFloodOfUnknownKeysIsNoFloodForTheIssuer() {
        RSAKey stranger = StandInIssuer.newKey("stranger");
        int before = issuer.fetches();

        for (int i = 0; i < 50; i++) {
            RSAKey named = new RSAKey.Builder(stranger).keyID("stranger-" + i).build();
            call(StandInIssuer.signed(good(), named), "GET", "/v1/jobs");
        }

        assertThat(issuer.fetches() - before).isLessThanOrEqualTo(10);
    }

    private Map<String, String> badTokens() throws JOSEException, ParseException {
        RSAKey own = issuer.key();
        RSAKey other = StandInIssuer.newKey(own.getKeyID());
        String whole = issuer.signed(good());
        String[] parts = whole.split("\\.", -1);
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("no JWT at all", "garbage");
        bad.put("two parts", parts[0] + "." + parts[1]);
        bad.put("five parts", whole + ".x.y");
        bad.put("no signature", parts[0] + "." + parts[1] + ".");
        bad.put("claims of another token", parts[0] + "." + payload("victim") + "." + parts[2]);
        bad.put("alg none", new PlainJWT(good().build()).serialize());
        bad.put("alg None", header("{\"alg\":\"None\"}") + "." + parts[1] + ".");
        bad.put("no alg", header("{\"typ\":\"JWT\"}") + "." + parts[1] + "." + parts[2]);
        bad.put("HS256 with the public key", macWith(own.toRSAPublicKey().getEncoded()));
        bad.put(
                "HS256 with the public key as PEM",
                macWith(
                        ("-----BEGIN PUBLIC KEY-----\n"
                                        + Base64.encode(own.toRSAPublicKey().getEncoded())
                                        + "\n-----END PUBLIC KEY-----\n")
                                .getBytes(StandardCharsets.UTF_8)));
        bad.put("another key of the same name", StandInIssuer.signed(good(), other));
        bad.put("RS512", signed(own, rs512().keyID(own.getKeyID())));
        bad.put("PS256", signed(own, new JWSHeader.Builder(JWSAlgorithm.PS256)));
        bad.put("a key of its own", signed(other, rs256().jwk(other.toPublicJWK())));
        bad.put("jku", signed(other, rs256().jwkURL(URI.create(issuer.address() + "/keys"))));
        bad.put("x5u", signed(other, rs256().x509CertURL(URI.create("http://127.0.0.1/x"))));
        bad.put("x5c", signed(other, rs256().x509CertChain(List.of(Base64.encode("x")))));
        bad.put("kid is a path", signed(other, rs256().keyID("../../../../dev/null")));
        bad.put("kid is SQL", signed(other, rs256().keyID("' or '1'='1")));
        bad.put("kid of 4 KB", signed(other, rs256().keyID("k".repeat(4096))));
        bad.put(
                "critical header",
                signed(
                        own,
                        rs256().keyID(own.getKeyID())
                                .customParam("exp2", 1)
                                .criticalParams(Set.of("exp2"))));
        bad.put(
                "type of another purpose",
                signed(own, rs256().type(new JOSEObjectType("dpop+jwt"))));
        bad.put("other issuer", with(claims -> claims.issuer("https://issuer.example")));
        bad.put("no issuer", with(claims -> claims.issuer(null)));
        bad.put("other audience", with(claims -> claims.audience("other")));
        bad.put("no audience", with(claims -> claims.audience((String) null)));
        bad.put("never expires", with(claims -> claims.expirationTime(null)));
        bad.put("expired", with(claims -> claims.expirationTime(in(-120))));
        bad.put("not yet", with(claims -> claims.notBeforeTime(in(120))));
        bad.put("expiry is text", with(claims -> claims.claim("exp", "tomorrow")));
        bad.put(
                "audience is an object",
                with(claims -> claims.claim("aud", Map.of("a", "heimdex"))));
        return bad;
    }

    private JWTClaimsSet.Builder good() {
        return issuer.claims("acme");
    }

    private String with(UnaryOperator<JWTClaimsSet.Builder> change) {
        return issuer.signed(change.apply(good()));
    }

    private String signed(RSAKey key, JWSHeader.Builder header) {
        return StandInIssuer.signed(good(), key, header.build());
    }

    private static JWSHeader.Builder rs256() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256);
    }

    private static JWSHeader.Builder rs512() {
        return new JWSHeader.Builder(JWSAlgorithm.RS512);
    }

    private String macWith(byte[] secret) throws JOSEException {
        SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), good().build());
        jwt.sign(new MACSigner(secret));
        return jwt.serialize();
    }

    private String payload(String org) {
        return issuer.signed(issuer.claims(org)).split("\\.", -1)[1];
    }

    private static String header(String json) {
        return java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Date in(long seconds) {
        return Date.from(Instant.now().plusSeconds(seconds));
    }

    private Answer call(String token, String method, String path) {
        Client client = api.withToken(token);
        return client.send(
                method, path, BodyPublishers.ofString("{}"), "Content-Type", "application/json");
    }
}
