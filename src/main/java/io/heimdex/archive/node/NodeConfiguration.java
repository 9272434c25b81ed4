package io.heimdex.archive.node;

import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes this node what its settings say. */
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {

    private static final int NO_PORT = -1;

    @Bean
    Roles roles(NodeSettings settings) {
        return Roles.of(settings);
    }

    /** Comes after Spring Boot's own customizer, which sets the configured port. */
    @Bean
    WebServerFactoryCustomizer<ConfigurableWebServerFactory> noPortWithoutApi(Roles roles) {
        return factory -> {
            if (!roles.api()) {
                factory.setPort(NO_PORT);
            }
        };
    }
}
