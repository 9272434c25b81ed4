package io.heimdex.archive.access;

import static org.springframework.security.config.Customizer.withDefaults;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.Problems;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/**
 * Every call needs a valid bearer token but those named here; {@link RequiresScope} says what the
 * token must allow.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    SecurityFilterChain api(HttpSecurity http, Problems problems) {
        AuthenticationEntryPoint unauthorized = unauthorized(problems);
        return http.csrf(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests ->
                        requests.requestMatchers(HttpMethod.GET, "/v1/health")
                                .permitAll()
                                .requestMatchers(HttpMethod.POST, "/v1/admin/dev-token")
                                .permitAll()
                                // An upload URL carries its own signature.
                                .requestMatchers(HttpMethod.PUT, "/v1/uploads/*")
                                .permitAll()
                                .requestMatchers("/error")
                                .permitAll()
                                .anyRequest()
                                .authenticated())
                .oauth2ResourceServer(
                        server -> server.jwt(withDefaults()).authenticationEntryPoint(unauthorized))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(unauthorized))
                .build();
    }

    @Bean
    RequestRejectedHandler rejectedRequests(Problems problems) {
        return (request, response, rejection) ->
                problems.write(
                        request,
                        response,
                        ErrorCode.MALFORMED_REQUEST,
                        "The path or a header holds characters not taken here.");
    }

    private static AuthenticationEntryPoint unauthorized(Problems problems) {
        return (request, response, failure) -> {
            if (request.getHeader(HttpHeaders.AUTHORIZATION) == null) {
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
                problems.write(
                        request,
                        response,
                        ErrorCode.MISSING_AUTHORIZATION,
                        "Send an Authorization: Bearer header.");
            } else {
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
                problems.write(
                        request,
                        response,
                        ErrorCode.INVALID_TOKEN,
                        "The token is malformed, expired, or not signed and issued for this service.");
            }
        };
    }
}
