package io.heimdex.archive;

import io.heimdex.archive.telemetry.Measure;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** What the service measures, by the names that Prometheus sees. */
final class Measures {

    private static final PrometheusNamingConvention NAMES = new PrometheusNamingConvention();

    private Measures() {}

    static String prometheusName(Measure measure) {
        Meter.Type type = Meter.Type.valueOf(measure.kind().name());
        String name =
                NAMES.name(measure.id(), type, measure.unit().isEmpty() ? null : measure.unit());
        return type == Meter.Type.COUNTER && !name.endsWith("_total") ? name + "_total" : name;
    }

    static Set<String> prometheusNames() {
        return Arrays.stream(Measure.values())
                .map(Measures::prometheusName)
                .collect(Collectors.toUnmodifiableSet());
    }
}
