package io.heimdex.archive.job;

import io.micrometer.core.instrument.config.MeterFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is measured of jobs. */
@Configuration(proxyBeanMethods = false)
class JobMeterConfiguration {

    /** Partitions count as the step that they are parts of: they are too many to be told apart. */
    @Bean
    MeterFilter partitionsAreTheirStep() {
        return MeterFilter.replaceTagValues("spring.batch.step.name", PartitionedStep::stepOf);
    }
}
