package io.heimdex.archive.console;

import static org.springframework.security.config.Customizer.withDefaults;

import io.heimdex.archive.problem.SafeHeaders;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/**
 * The page itself is no secret and needs no token; what it shows does. Its headers allow it what it
 * needs and no more: scripts and styles of this service alone, and no text that becomes HTML.
 */
@Configuration(proxyBeanMethods = false)
class ConsoleSecurityConfiguration {

    @Bean
    @Order(1)
    SecurityFilterChain console(HttpSecurity http, ConsoleSettings settings) {
        Map<String, String> own = ownHeaders(settings);
        return http.securityMatchers(console ->
                        console.requestMatchers(HttpMethod.GET, "/console", "/console/**")
                                .requestMatchers(HttpMethod.HEAD, "/console", "/console/**"))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers ->
                        headers.defaultsDisabled()
                                .cacheControl(withDefaults())
                                .addHeaderWriter(SafeHeaders::write)
                                .addHeaderWriter((_, response) -> own.forEach(response::setHeader)))
                .build();
    }

    /** They take the place of what every other answer has. */
    private static Map<String, String> ownHeaders(ConsoleSettings settings) {
        return Map.of(
                "Content-Security-Policy", policy(settings),
                "Cross-Origin-Opener-Policy", "same-origin",
                "Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    }

    private static String policy(ConsoleSettings settings) {
        List<String> issuer = settings.oidc() == null ? List.of() : settings.oidc().origins();
        return String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                // Pictures need a token, so the page fetches them and shows the bytes it got.
                "img-src 'self' blob:",
                String.join(" ", "connect-src 'self'", String.join(" ", issuer)).strip(),
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types lit-html");
    }
}
