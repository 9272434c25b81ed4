package io.heimdex.archive;

import java.time.Clock;
import java.util.TimeZone;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** Starts a node: the API, a worker, or both in one process. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class HeimdexApplication {

    public static void main(String[] args) {
        // Spring Batch writes local times without a zone: every node has to agree on one.
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        SpringApplication.run(HeimdexApplication.class, args);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
