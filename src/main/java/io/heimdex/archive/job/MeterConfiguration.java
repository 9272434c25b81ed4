package io.heimdex.archive.job;

import io.micrometer.core.instrument.config.MeterFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is measured of jobs. */
@Configuration(proxyBeanMethods = false)
class MeterConfiguration {

    @Bean
    MeterFilter partitionsAreTheirStep() {
        return MeterFilter.replaceTagValues("spring.batch.step.name", MeterConfiguration::stepTag);
    }

    /** Partitions count as the step that they are parts of: they are too many to be told apart. */
    static String stepTag(String stepName) {
        int colon = stepName.indexOf(':');
        return colon < 0 ? stepName : stepName.substring(0, colon);
    }
}
