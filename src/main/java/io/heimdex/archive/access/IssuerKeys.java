package io.heimdex.archive.access;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The public keys of an issuer: fetched when a token names one that is not known, but not more than
 * twice in an interval however many unknown ones come, and kept while the issuer is away.
 */
final class IssuerKeys {

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration KEPT = Duration.ofHours(12);
    private static final int MAX_BYTES = 256 << 10;

    private static final String OIDC = "/.well-known/openid-configuration";
    private static final String OAUTH = "/.well-known/oauth-authorization-server";

    private IssuerKeys() {}

    /**
     * Where the issuer says that its keys are, or where the settings say so.
     *
     * @throws JwtException if it does not answer, or answers for another issuer
     */
    static JWKSource<SecurityContext> of(AccessSettings settings, String issuer) {
        String configured = settings.jwksUri();
        String uri = configured == null ? discovered(issuer) : configured;
        try {
            return JWKSourceBuilder.create(
                            URI.create(uri).toURL(),
                            new DefaultResourceRetriever(
                                    Math.toIntExact(DEADLINE.toMillis()),
                                    Math.toIntExact(DEADLINE.toMillis()),
                                    MAX_BYTES))
                    .cache(FRESH.toMillis(), DEADLINE.multipliedBy(2).toMillis())
                    .refreshAheadCache(false)
                    .rateLimited(settings.keysInterval().toMillis())
                    .outageTolerant(KEPT.toMillis())
                    .build();
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw new JwtException("the address of the issuer's keys is none", e);
        }
    }

    /** Whether it is not known because another unknown one was looked for a moment ago. */
    static boolean limited(@Nullable Throwable failure) {
        return failure != null
                && (failure instanceof RateLimitReachedException || limited(failure.getCause()));
    }

    /** As OpenID Connect has it, else as RFC 8414 has it: before the path of the issuer. */
    private static String discovered(String issuer) {
        URI place = URI.create(issuer);
        String oauth =
                UriComponentsBuilder.fromUri(place)
                        .replacePath(OAUTH + place.getPath())
                        .toUriString();
        for (String document : List.of(issuer.replaceFirst("/$", "") + OIDC, oauth)) {
            Map<?, ?> told = read(document);
            if (told != null) {
                if (!issuer.equals(told.get("issuer"))) {
                    throw new JwtException("the issuer's document is of another issuer");
                }
                return Objects.toString(told.get("jwks_uri"), "");
            }
        }
        throw new JwtException("the issuer has no document of its keys");
    }

    private static @Nullable Map<?, ?> read(String document) {
        JdkClientHttpRequestFactory bounded = new JdkClientHttpRequestFactory();
        bounded.setReadTimeout(DEADLINE);
        try {
            return RestClient.builder()
                    .requestFactory(bounded)
                    .build()
                    .get()
                    .uri(URI.create(document))
                    .retrieve()
                    .body(Map.class);
        } catch (RestClientException _) {
            // The next place may have it; if none has, that is said.
            return null;
        }
    }
}
