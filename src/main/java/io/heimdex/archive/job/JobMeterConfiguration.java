package io.heimdex.archive.job;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is measured of jobs. */
@Configuration(proxyBeanMethods = false)
class JobMeterConfiguration {

    /** Partitions count as the step that they are parts of: they are too many to be told apart. */
    @Bean
    MeterFilter partitionsAreTheirStep() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.replaceTags(
                        id.getTags().stream().map(JobMeterConfiguration::ofStep).toList());
            }
        };
    }

    /** Each kind of Batch's meters has a name of its own for it. */
    private static Tag ofStep(Tag tag) {
        return tag.getKey().startsWith("spring.batch.") && tag.getKey().endsWith(".step.name")
                ? Tag.of(tag.getKey(), PartitionedStep.stepOf(tag.getValue()))
                : tag;
    }
}
