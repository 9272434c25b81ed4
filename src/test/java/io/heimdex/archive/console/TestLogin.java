package io.heimdex.archive.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stands in for an OpenID Connect issuer of another origin, which the console of the tests is set
 * up with. Whoever is sent there is signed in at once.
 */
@TestComponent
public class TestLogin implements DynamicPropertyRegistrar, DisposableBean {

    static final String CODE = "a-code-for-one-use";
    private static final String CLIENT = "heimdex-console";

    private final HttpServer server;
    private volatile Map<String, String> question = Map.of();
    private volatile String token = "";

    TestLogin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/.well-known/openid-configuration", this::discovery);
        server.createContext("/authorize", this::authorize);
        server.createContext("/token", this::redeem);
        server.start();
    }

    @Override
    public void accept(DynamicPropertyRegistry properties) {
        properties.add("heimdex.console.oidc.issuer", this::issuer);
        properties.add("heimdex.console.oidc.client-id", () -> CLIENT);
        properties.add("heimdex.console.oidc.scopes", () -> "openid,heimdex");
    }

    String issuer() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** The next who signs in gets this token. */
    void gives(String next) {
        token = next;
    }

    /** What the console asked with. */
    Map<String, String> question() {
        return question;
    }

    private void discovery(HttpExchange exchange) throws IOException {
        answer(
                exchange,
                200,
                Map.of(
                        "issuer", issuer(),
                        "authorization_endpoint", issuer() + "/authorize",
                        "token_endpoint", issuer() + "/token"));
    }

    private void authorize(HttpExchange exchange) throws IOException {
        question = parameters(exchange.getRequestURI().getRawQuery());
        String back =
                UriComponentsBuilder.fromUriString(said("redirect_uri"))
                        .queryParam("code", CODE)
                        .queryParam("state", said("state"))
                        .queryParam("iss", issuer())
                        .toUriString();
        try (exchange) {
            exchange.getResponseHeaders().set("Location", back);
            exchange.sendResponseHeaders(302, -1);
        }
    }

    /** Gives the token to who knows the secret that the question's challenge was made of. */
    private void redeem(HttpExchange exchange) throws IOException {
        Map<String, String> form =
                parameters(
                        new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        boolean good =
                "authorization_code".equals(form.get("grant_type"))
                        && CODE.equals(form.get("code"))
                        && CLIENT.equals(form.get("client_id"))
                        && said("redirect_uri").equals(form.get("redirect_uri"))
                        && said("code_challenge").equals(challenge(form.get("code_verifier")));
        answer(
                exchange,
                good ? 200 : 400,
                good
                        ? Map.of("access_token", token, "token_type", "Bearer")
                        : Map.of("error", "invalid_grant"));
    }

    private String said(String name) {
        return Objects.requireNonNullElse(question.get(name), "");
    }

    private static String challenge(@Nullable String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(
                                            String.valueOf(verifier)
                                                    .getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> parameters(String text) {
        return UriComponentsBuilder.fromUri(URI.create("?" + text.replace("+", "%20")))
                .build()
                .getQueryParams()
                .toSingleValueMap()
                .entrySet()
                .stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                Map.Entry::getKey,
                                entry ->
                                        URLDecoder.decode(
                                                entry.getValue(), StandardCharsets.UTF_8)));
    }

    private static void answer(HttpExchange exchange, int status, Map<String, String> body)
            throws IOException {
        try (exchange) {
            byte[] bytes = new JsonMapper().writeValueAsBytes(body);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void destroy() {
        server.stop(0);
    }
}
