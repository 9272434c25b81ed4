package io.heimdex.archive.access;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import io.heimdex.archive.node.Roles;
import io.heimdex.archive.problem.CannotStartException;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;

/** How bearer tokens are verified, and how the local profile signs its own. */
@Configuration(proxyBeanMethods = false)
class TokenConfiguration {

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
        JwtDecoder decoder = new SupplierJwtDecoder(() -> publicKeyDecoder(issuer));
        return token -> {
            try {
                return decoder.decode(token);
            } catch (JwtDecoderInitializationException e) {
                throw new JwtException("the issuer's keys cannot be had", e);
            } catch (JwtException e) {
                throw IssuerKeys.limited(e) ? new BadJwtException("its key is unknown", e) : e;
            }
        };
    }

    @Bean
    @ConditionalOnProperty("heimdex.access.dev-tokens")
    @Nullable JwtEncoder jwtEncoder() {
        return roles.api() && settings.sharedSecret()
                ? new NimbusJwtEncoder(
                        new ImmutableSecret<>(SharedSecret.key(settings, environment)))
                : null;
    }

    private JwtDecoder publicKeyDecoder(String issuer) {
        NimbusJwtDecoder decoder =
                NimbusJwtDecoder.withJwkSource(IssuerKeys.of(settings, issuer))
                        .jwsAlgorithm(settings.signatureAlgorithm())
                        .build();
        decoder.setJwtValidator(validator());
        return decoder;
    }

    private OAuth2TokenValidator<Jwt> validator() {
        List<OAuth2TokenValidator<Jwt>> validators = new ArrayList<>();
        validators.add(new JwtTimestampValidator());
        JwtTypeValidator type = new JwtTypeValidator("JWT", "at+jwt");
        type.setAllowEmpty(true);
        validators.add(type);
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
