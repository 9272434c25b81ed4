package io.heimdex.archive.access;

import static org.springframework.security.config.Customizer.withDefaults;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.Problems;
import io.heimdex.archive.problem.SafeHeaders;
import io.heimdex.archive.quota.RequestBudget;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * Every call needs a valid bearer token but those named here and the console's own files; {@link
 * RequiresScope} says what the token must allow.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final Logger log = LoggerFactory.getLogger(SecurityConfiguration.class);

    private static final String[] OPEN_TO_READ = {
        "/v1/health", "/v1/schemas/*", "/openapi.json", "/docs", "/docs/*"
    };

    /** The management port has a network of its own to keep strangers out, and shows no details. */
    @Bean
    @Order(0)
    SecurityFilterChain management(HttpSecurity http) {
        return stateless(http)
                .securityMatcher(EndpointRequest.toAnyEndpoint())
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    /** What needs no token looks at none, not even at a bad one. */
    @Bean
    @Order(1)
    SecurityFilterChain open(HttpSecurity http) {
        return stateless(http)
                .securityMatchers(open ->
                        open.requestMatchers(HttpMethod.GET, OPEN_TO_READ)
                                .requestMatchers(HttpMethod.HEAD, OPEN_TO_READ)
                                .requestMatchers(HttpMethod.POST, DevTokenGate.PATH)
                                // An upload URL carries its own signature.
                                .requestMatchers(HttpMethod.PUT, "/v1/uploads/*")
                                .requestMatchers("/error"))
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain api(HttpSecurity http, Problems problems, RequestBudget budget) {
        AuthenticationEntryPoint unauthorized = unauthorized(problems);
        return stateless(http)
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .oauth2ResourceServer(server ->
                        server.jwt(withDefaults())
                                .bearerTokenResolver(new ShortTokens())
                                .authenticationEntryPoint(unauthorized)
                                .withObjectPostProcessor(failuresGoTo(unauthorized)))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(unauthorized))
                .addFilterAfter(new ReachFilter(Callers::org), AuthorizationFilter.class)
                .addFilterAfter(new RateFilter(budget, problems), ReachFilter.class)
                .build();
    }

    /** Before everything else: a request reaches no org's rows until it is known whose it is. */
    @Bean
    FilterRegistrationBean<ReachFilter> reachOfNobody() {
        FilterRegistrationBean<ReachFilter> filter =
                new FilterRegistrationBean<>(new ReachFilter(Optional::empty));
        filter.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return filter;
    }

    private static HttpSecurity stateless(HttpSecurity http) {
        return http.csrf(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .headers(headers ->
                        headers.defaultsDisabled()
                                .cacheControl(withDefaults())
                                .addHeaderWriter(SafeHeaders::write))
                .sessionManagement(
                        session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    }

    /** Besides what it refuses anyway: a text that no database takes. */
    @Bean
    HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowedParameterValues(value -> value.indexOf(0) < 0);
        return firewall;
    }

    @Bean
    RequestRejectedHandler rejectedRequests(Problems problems) {
        return (request, response, rejection) -> {
            SafeHeaders.write(request, response);
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            problems.write(
                    request,
                    response,
                    ErrorCode.MALFORMED_REQUEST,
                    "The path or a header holds characters not taken here.");
        };
    }

    /** That nobody can tell whether a token is good is no error of ours, and is answered too. */
    private static ObjectPostProcessor<BearerTokenAuthenticationFilter> failuresGoTo(
            AuthenticationEntryPoint entryPoint) {
        AuthenticationEntryPointFailureHandler handler =
                new AuthenticationEntryPointFailureHandler(entryPoint);
        handler.setRethrowAuthenticationServiceException(false);
        return new ObjectPostProcessor<>() {
            @Override
            public <F extends BearerTokenAuthenticationFilter> F postProcess(F filter) {
                filter.setAuthenticationFailureHandler(handler);
                return filter;
            }
        };
    }

    private static AuthenticationEntryPoint unauthorized(Problems problems) {
        return (request, response, failure) -> {
            if (failure instanceof AuthenticationServiceException) {
                log.warn("a token could not be verified", failure);
                response.setHeader(HttpHeaders.RETRY_AFTER, "5");
                problems.write(
                        request,
                        response,
                        ErrorCode.SERVICE_UNAVAILABLE,
                        "The keys that verify tokens cannot be had right now; send the request again.");
            } else if (request.getHeader(HttpHeaders.AUTHORIZATION) == null) {
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
