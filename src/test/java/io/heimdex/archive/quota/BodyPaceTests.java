package io.heimdex.archive.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.RawHttp;
import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/**
 * What the running service does with bodies. How fast they have to come: {@link PacedBodyTests}.
 */
@ServiceTest
class BodyPaceTests {

    /** Less than what the server would wait for, and far more than what it takes. */
    private static final Duration SOON = Duration.ofSeconds(10);

    @Autowired TestApi api;
    @Autowired ServletContext server;
    @Autowired FilterRegistrationBean<BodyPace.PaceFilter> pace;

    @Test
    void everyRequestGoesThroughTheFilter() {
        FilterRegistration filter =
                server.getFilterRegistrations().values().stream()
                        .filter(one ->
                                Objects.equals(
                                        one.getClassName(), BodyPace.PaceFilter.class.getName()))
                        .findAny()
                        .orElseThrow();
        assertThat(filter.getUrlPatternMappings()).containsExactly("/*");
    }

    @Test
    void theFilterPutsThePaceOnBodiesHoweverTheyAreRead() throws IOException, ServletException {
        Filter filter = Objects.requireNonNull(pace.getFilter());
        MockHttpServletRequest request = new MockHttpServletRequest("PUT", "/");
        request.setContent(new byte[] {'a', 'b'});
        List<Class<?>> bodies = new ArrayList<>();

        filter.doFilter(
                request,
                new MockHttpServletResponse(),
                (seen, _) -> {
                    bodies.add(seen.getInputStream().getClass());
                    // It reads the same body.
                    assertThat(seen.getReader().read()).isEqualTo('a');
                    assertThat(seen.getReader().ready()).isFalse();
                });

        assertThat(bodies).containsExactly(PacedBody.class);
    }

    /** The server by itself would wait for the rest of it, 20 s for each byte. */
    @Test
    void aRefusedRequestIsAnsweredAndLeftThoughItsBodyDoesNotCome() throws IOException {
        long start = System.nanoTime();
        try (RawHttp.Exchange slow =
                api.raw().begin("POST /v1/ingest/init HTTP/1.1\nHost: localhost", 1000)) {
            slow.send(new byte[] {'{'});

            assertThat(slow.reply().status()).isEqualTo(401);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }
}
