package io.heimdex.archive.probe;

import io.heimdex.archive.telemetry.Measure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Measures whatever probers there are; a command that runs alone measures nothing. */
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
                if (!(bean instanceof MediaProber) && !(bean instanceof DeepProber)) {
                    return bean;
                }
                MeterRegistry known = meters.getIfAvailable();
                return known == null ? bean : measured(bean, known);
            }

            private Object measured(Object bean, MeterRegistry meters) {
                return switch (bean) {
                    case MediaProber prober ->
                            new MeasuredProber(
                                    prober, settings.getObject(), observations.getObject(), meters);
                    case DeepProber prober -> measuredDeep(prober, meters);
                    default -> bean;
                };
            }
        };
    }

    private static DeepProber measuredDeep(DeepProber prober, MeterRegistry meters) {
        Measure.DEEP_PROBE.timer(meters, "ok");
        return (media, video, audio) ->
                Measure.DEEP_PROBE.time(meters, () -> prober.measure(media, video, audio));
    }
}
