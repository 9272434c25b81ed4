package io.heimdex.archive.telemetry;

import io.micrometer.observation.Observation;
import io.micrometer.observation.Observation.CheckedRunnable;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Keeps the parts of one piece of work together, over queues, nodes and threads. */
@Component
public class Trail {

    /** How the W3C names a trace and the place in it. */
    private static final String TRACE_PARENT = "traceparent";

    private final ObservationRegistry observations;
    private final ObjectProvider<Tracer> tracer;
    private final ObjectProvider<Propagator> propagator;

    Trail(
            ObservationRegistry observations,
            ObjectProvider<Tracer> tracer,
            ObjectProvider<Propagator> propagator) {
        this.observations = observations;
        this.tracer = tracer;
        this.propagator = propagator;
    }

    /** Where in its trace this thread is, for who goes on; {@code null} if nobody records it. */
    public @Nullable String here() {
        Tracer tracing = tracer.getIfAvailable();
        Span span = tracing == null ? null : tracing.currentSpan();
        if (span == null || !Boolean.TRUE.equals(span.context().sampled())) {
            return null;
        }
        Map<String, String> headers = new HashMap<>();
        propagator.ifAvailable(headersOf ->
                headersOf.inject(
                        span.context(),
                        headers,
                        (all, name, value) -> {
                            if (all != null) {
                                all.put(name, value);
                            }
                        }));
        return headers.get(TRACE_PARENT);
    }

    /**
     * Measures the work, as the next part of a trace.
     *
     * @param from where the trace was, as {@link #here} told; {@code null} for one of its own
     * @param tag the value of the measure's one tag
     */
    public <X extends Throwable> void followed(
            @Nullable String from, Measure measure, String tag, CheckedRunnable<X> work) throws X {
        ReceiverContext<Map<String, String>> context =
                new ReceiverContext<>(Map::get, Kind.CONSUMER);
        context.setCarrier(from == null ? Map.of() : Map.of(TRACE_PARENT, from));
        Observation.createNotStarted(measure.id(), () -> context, observations)
                .contextualName(measure.span(tag))
                .lowCardinalityKeyValue(measure.tags().getFirst(), tag)
                .observeChecked(work);
    }

    /** What another thread is to run as a part of what this one does. */
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
