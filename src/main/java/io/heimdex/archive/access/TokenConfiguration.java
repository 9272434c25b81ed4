package io.heimdex.archive.access;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import io.heimdex.archive.node.Roles;
import io.heimdex.archive.problem.CannotStartException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.web.client.RestTemplate;

/** How bearer tokens are verified, and how the local profile signs its own. */
@Configuration(proxyBeanMethods = false)
class TokenConfiguration {

    private static final Duration KEY_SERVER_DEADLINE = Duration.ofSeconds(5);

    private final AccessSettings settings;
    private final Roles roles;
    private final String environment;

    TokenConfiguration(
            AccessSettings settings,
            Roles roles,
            @Value("${heimdex.environment}") String environment) {
        this.settings = settings;
        this.roles = roles;
        this.environment = environment;
    }

    @Bean
    JwtDecoder jwtDecoder() {
        if (!roles.api()) {
            // Nothing to verify tokens with is asked of a node that takes none.
            return token -> {
                throw new BadJwtException("this node does not answer the API");
            };
        }
        if (settings.sharedSecret()) {
            SecretKey key = SharedSecret.key(settings, environment);
            NimbusJwtDecoder decoder =
                    NimbusJwtDecoder.withSecretKey(key)
                            .macAlgorithm(settings.macAlgorithm())
                            .build();
            decoder.setJwtValidator(validator());
            return decoder;
        }
        String issuer = settings.jwtIssuer();
        if (issuer == null) {
            throw new CannotStartException(
                    "HEIMDEX_JWT_ISSUER is not set; HEIMDEX_JWT_ALGORITHM="
                            + settings.jwtAlgorithm()
                            + " needs it to find the issuer's public keys");
        }
        return new SupplierJwtDecoder(() -> publicKeyDecoder(issuer, settings.jwksUri()));
    }

    @Bean
    @ConditionalOnProperty("heimdex.access.dev-tokens")
    @Nullable JwtEncoder jwtEncoder() {
        return roles.api() && settings.sharedSecret()
                ? new NimbusJwtEncoder(
                        new ImmutableSecret<>(SharedSecret.key(settings, environment)))
                : null;
    }

    private JwtDecoder publicKeyDecoder(String issuer, @Nullable String jwksUri) {
        JdkClientHttpRequestFactory bounded =
                new JdkClientHttpRequestFactory(
                        HttpClient.newBuilder().connectTimeout(KEY_SERVER_DEADLINE).build());
        bounded.setReadTimeout(KEY_SERVER_DEADLINE);
        var builder =
                jwksUri == null
                        ? NimbusJwtDecoder.withIssuerLocation(issuer)
                        : NimbusJwtDecoder.withJwkSetUri(jwksUri);
        NimbusJwtDecoder decoder =
                builder.jwsAlgorithm(settings.signatureAlgorithm())
                        .restOperations(new RestTemplate(bounded))
                        .build();
        decoder.setJwtValidator(validator());
        return decoder;
    }

    private OAuth2TokenValidator<Jwt> validator() {
        List<OAuth2TokenValidator<Jwt>> validators = new ArrayList<>();
        validators.add(new JwtTimestampValidator());
        validators.add(new JwtClaimValidator<Object>(JwtClaimNames.EXP, expiry -> expiry != null));
        if (settings.jwtIssuer() != null) {
            validators.add(new JwtIssuerValidator(settings.jwtIssuer()));
        }
        String audience = settings.jwtAudience();
        if (audience != null) {
            validators.add(
                    new JwtClaimValidator<List<String>>(
                            JwtClaimNames.AUD,
                            audiences -> audiences != null && audiences.contains(audience)));
        }
        return new DelegatingOAuth2TokenValidator<>(validators);
    }
}
