package io.heimdex.archive.quota;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/** Whoever sends a body has to send it at a pace, or loses the connection. */
@Configuration(proxyBeanMethods = false)
class BodyPace {

    @Bean
    FilterRegistrationBean<PaceFilter> bodiesAtAPace(BodySettings settings) {
        FilterRegistrationBean<PaceFilter> filter =
                new FilterRegistrationBean<>(new PaceFilter(settings));
        filter.setEnabled(settings.minRate().toBytes() > 0);
        filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return filter;
    }

    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> refusedBodiesAreLeft() {
        return factory -> factory.addEngineValves(new RefusedBodyValve());
    }

    /** Puts the pace on what is read of a request. */
    static final class PaceFilter extends OncePerRequestFilter {

        private final BodySettings settings;

        PaceFilter(BodySettings settings) {
            this.settings = settings;
        }

        @Override
        protected void doFilterInternal(
                HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            chain.doFilter(new PacedRequest(request, settings), response);
        }
    }

    private static final class PacedRequest extends HttpServletRequestWrapper {

        private final BodySettings settings;
        private @Nullable PacedBody body;

        PacedRequest(HttpServletRequest request, BodySettings settings) {
            super(request);
            this.settings = settings;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (body == null) {
                body = new PacedBody(super.getInputStream(), settings, System::nanoTime);
            }
            return body;
        }

        @Override
        public BufferedReader getReader() throws IOException {
            String encoding =
                    Objects.requireNonNullElse(
                            getCharacterEncoding(), StandardCharsets.ISO_8859_1.name());
            return new BufferedReader(
                    new InputStreamReader(getInputStream(), Charset.forName(encoding)));
        }
    }
}
