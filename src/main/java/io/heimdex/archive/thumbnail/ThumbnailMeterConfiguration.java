package io.heimdex.archive.thumbnail;

import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.telemetry.Measure;
import io.heimdex.archive.thumbnail.ThumbnailOutcome.Refused;
import io.heimdex.archive.thumbnail.ThumbnailOutcome.Taken;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Measures whatever thumbnailer there is; a command that runs alone measures nothing. */
@Configuration(proxyBeanMethods = false)
class ThumbnailMeterConfiguration {

    @Bean
    static BeanPostProcessor measuredThumbnailer(ObjectProvider<MeterRegistry> meters) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                MeterRegistry known = bean instanceof Thumbnailer ? meters.getIfAvailable() : null;
                return known == null ? bean : new MeasuredThumbnailer((Thumbnailer) bean, known);
            }
        };
    }

    private static final class MeasuredThumbnailer implements Thumbnailer {

        private final Thumbnailer thumbnailer;
        private final MeterRegistry meters;
        private final Counter pictures;

        MeasuredThumbnailer(Thumbnailer thumbnailer, MeterRegistry meters) {
            this.thumbnailer = thumbnailer;
            this.meters = meters;
            this.pictures = Measure.PICTURES.counter(meters);
            Measure.THUMBNAILS.timer(meters, "taken");
        }

        @Override
        public ThumbnailOutcome take(OpenedMedia media, ThumbnailPlan plan) {
            Timer.Sample sample = Timer.start(meters);
            String outcome = "";
            try {
                ThumbnailOutcome came = thumbnailer.take(media, plan);
                outcome =
                        switch (came) {
                            case Taken taken -> {
                                pictures.increment(taken.pictures().size());
                                yield "taken";
                            }
                            case Refused _ -> "refused";
                        };
                return came;
            } catch (RuntimeException e) {
                outcome = Measure.outcome(e);
                throw e;
            } finally {
                sample.stop(Measure.THUMBNAILS.timer(meters, outcome));
            }
        }

        @Override
        public @Nullable String version() {
            return thumbnailer.version();
        }
    }
}
