package io.heimdex.archive.telemetry;

import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.observation.ObservationFilter;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How what is measured is kept and told. */
@Configuration(proxyBeanMethods = false)
class MeterConfiguration {

    /** Spans say whose they are. */
    @Bean
    ObservationFilter spansAreAboutSomething() {
        return context -> {
            if (context.getName() != null && context.getName().startsWith("heimdex.")) {
                for (String field : LogContext.FIELDS) {
                    String value = MDC.get(field);
                    if (value != null) {
                        context.addHighCardinalityKeyValue(KeyValue.of(field, value));
                    }
                }
            }
            return context;
        };
    }

    /** What Spring Boot puts in this place would record every span, and throw it away. */
    @Bean
    @ConditionalOnBooleanProperty(name = "management.opentelemetry.enabled", havingValue = false)
    OpenTelemetry noTraces() {
        return OpenTelemetry.noop();
    }

    /** To read the next item of a page is no work worth a span. */
    @Bean
    SpanExportingPredicate readsAreNotTold() {
        return span -> !"spring.batch.item.read".equals(span.getName());
    }

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
