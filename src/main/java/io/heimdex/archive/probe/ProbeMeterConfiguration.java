package io.heimdex.archive.probe;

import io.heimdex.archive.telemetry.Measure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Measures whatever probers there are. */
@Configuration(proxyBeanMethods = false)
class ProbeMeterConfiguration {

    @Bean
    static BeanPostProcessor measuredProbers(
            ObjectProvider<ProbeSettings> settings,
            ObjectProvider<ObservationRegistry> observations,
            ObjectProvider<MeterRegistry> meters) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return switch (bean) {
                    case MediaProber prober ->
                            new MeasuredProber(
                                    prober,
                                    settings.getObject(),
                                    observations.getObject(),
                                    meters.getObject());
                    case DeepProber prober -> measured(prober, meters.getObject());
                    default -> bean;
                };
            }
        };
    }

    private static DeepProber measured(DeepProber prober, MeterRegistry meters) {
        Measure.DEEP_PROBE.timer(meters, "ok");
        return (media, video, audio) ->
                Measure.DEEP_PROBE.time(meters, () -> prober.measure(media, video, audio));
    }
}
