package io.heimdex.archive.openapi;

import org.springdoc.core.providers.ObjectMapperProvider;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** Tells springdoc how this service writes JSON. */
@TestConfiguration(proxyBeanMethods = false)
public class SpringdocConfiguration {

    @Bean
    RecordModels recordModels(ObjectMapperProvider mappers) {
        return new RecordModels(mappers.jsonMapper());
    }
}
