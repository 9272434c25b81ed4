package io.heimdex.archive.problem;

import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Makes the server itself answer with problem documents. */
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
}
