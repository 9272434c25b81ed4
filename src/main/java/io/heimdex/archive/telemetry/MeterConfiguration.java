package io.heimdex.archive.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How what is measured is kept. */
@Configuration(proxyBeanMethods = false)
class MeterConfiguration {

    /** Durations are kept as histograms, which can be added up over nodes. */
    @Bean
    MeterFilter histograms() {
        Map<String, Measure> measures =
                Arrays.stream(Measure.values())
                        .collect(Collectors.toMap(Measure::id, Function.identity()));
        return new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(
                    Meter.Id id, DistributionStatisticConfig config) {
                Measure measure = measures.get(id.getName());
                if (measure == null || measure.buckets().isEmpty()) {
                    return config;
                }
                double[] nanos =
                        measure.buckets().stream().mapToDouble(Duration::toNanos).toArray();
                return DistributionStatisticConfig.builder()
                        .serviceLevelObjectives(nanos)
                        .build()
                        .merge(config);
            }
        };
    }
}
