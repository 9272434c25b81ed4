package io.heimdex.archive.problem;

import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** Problem documents for what reaches no controller, by the server itself or by Spring. */
@Configuration(proxyBeanMethods = false)
class ProblemServerConfiguration {

    /** Comes after Spring Boot's own customizer, so that its valve finds the answer written. */
    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> problemErrorPages(
            JsonMapper json) {
        return factory ->
                factory.addContextCustomizers(context ->
                        context.getParent().getPipeline().addValve(new ProblemErrorValve(json)));
    }

    /**
     * The last one, for paths that nobody has. Spring's own refusal reads all headers, and fails at
     * a body that is said to be of any type.
     */
    @Bean
    HandlerMapping unknownPaths() {
        return request -> {
            throw new HeimdexException(ErrorCode.NOT_FOUND, ErrorCode.NOT_FOUND.title() + ".");
        };
    }
}
