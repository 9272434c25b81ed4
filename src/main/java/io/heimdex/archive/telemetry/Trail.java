package io.heimdex.archive.telemetry;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.Map;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/** Keeps the pieces of one piece of work together, over queues and threads. */
@Component
public class Trail {

    private final ObservationRegistry observations;

    Trail(ObservationRegistry observations) {
        this.observations = observations;
    }

    /** Measures the work, whose one tag has the value. */
    public void measured(Measure measure, String tag, Runnable work) {
        ReceiverContext<Map<String, String>> context =
                new ReceiverContext<>(Map::get, Kind.CONSUMER);
        context.setCarrier(Map.of());
        Observation.createNotStarted(measure.id(), () -> context, observations)
                .lowCardinalityKeyValue(KeyValue.of(measure.tags().getFirst(), tag))
                .observe(work);
    }

    /** What another thread is to run as part of what this one does. */
    public Runnable inherited(Runnable task) {
        Observation current = observations.getCurrentObservation();
        Map<String, String> about = MDC.getCopyOfContextMap();
        return () -> {
            if (about != null) {
                MDC.setContextMap(about);
            }
            try {
                if (current == null) {
                    task.run();
                } else {
                    current.scoped(task);
                }
            } finally {
                MDC.clear();
            }
        };
    }
}
