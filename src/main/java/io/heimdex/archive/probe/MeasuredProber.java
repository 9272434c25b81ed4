package io.heimdex.archive.probe;

import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.telemetry.Measure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A prober whose probes are counted, timed and traced. */
final class MeasuredProber implements MediaProber {

    private final MediaProber prober;
    private final ObservationRegistry observations;
    private final AtomicInteger running = new AtomicInteger();

    MeasuredProber(
            MediaProber prober,
            ProbeSettings settings,
            ObservationRegistry observations,
            MeterRegistry meters) {
        this.prober = prober;
        this.observations = observations;
        Measure.PROBES_RUNNING.gauge(meters, running, AtomicInteger::get);
        Measure.PROBE_SLOTS.gauge(meters, settings, ProbeSettings::permits, "local");
        Measure.PROBE_SLOTS.gauge(meters, settings, ProbeSettings::remoteConcurrency, "remote");
    }

    @Override
    public ProbeOutcome probe(OpenedMedia media, @Nullable Duration timeout) {
        Observation observation =
                Observation.createNotStarted(Measure.PROBE.id(), observations)
                        .contextualName("probe")
                        .start();
        running.incrementAndGet();
        String outcome = "probed";
        try (Observation.Scope _ = observation.openScope()) {
            ProbeOutcome came = prober.probe(media, timeout);
            if (came instanceof Rejected rejected) {
                outcome = rejected.code().code();
            }
            return came;
        } catch (RuntimeException e) {
            outcome = Measure.outcome(e);
            observation.error(e);
            throw e;
        } finally {
            running.decrementAndGet();
            observation.lowCardinalityKeyValue("outcome", outcome);
            observation.stop();
        }
    }

    @Override
    public Tools tools() {
        return prober.tools();
    }
}
