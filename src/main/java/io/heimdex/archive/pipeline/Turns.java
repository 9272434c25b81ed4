package io.heimdex.archive.pipeline;

import io.heimdex.archive.pipeline.ProbedAsset.Failed;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.telemetry.LogContext;
import io.heimdex.archive.telemetry.Measure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryListener;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.core.retry.Retryable;
import org.springframework.stereotype.Component;

/**
 * The work on one asset at a time. Whatever is wrong with the asset is a result; a passing fault of
 * storage or tool is tried again and then a result too, so that no single asset ends a run.
 */
@Component
class Turns {

    private static final Logger log = LoggerFactory.getLogger(Turns.class);
    private static final double BACKOFF = 2;

    private final RetryTemplate retries;

    Turns(PipelineSettings settings, MeterRegistry meters) {
        Counter repeated = Measure.ITEM_RETRIES.counter(meters);
        this.retries =
                new RetryTemplate(
                        RetryPolicy.builder()
                                .predicate(Turns::passing)
                                .maxRetries(settings.retries())
                                .delay(settings.retryDelay())
                                .multiplier(BACKOFF)
                                .build());
        retries.setRetryListener(
                new RetryListener() {
                    @Override
                    public void beforeRetry(RetryPolicy policy, Retryable<?> retryable) {
                        repeated.increment();
                    }
                });
    }

    /** Does the work, again if need be. */
    ProbedAsset take(QueuedAsset queued, Supplier<ProbedAsset> work) {
        try (LogContext _ = LogContext.asset(name(queued))) {
            ProbedAsset result = taken(queued, work);
            if (result instanceof Failed(QueuedAsset _, ErrorCode code, String message)) {
                log.debug("failed with {}: {}", code.code(), message);
            }
            return result;
        }
    }

    private ProbedAsset taken(QueuedAsset queued, Supplier<ProbedAsset> work) {
        try {
            return retries.execute(work::get);
        } catch (RetryException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while at work on an asset", e);
            }
            return failed(queued, e.getCause());
        }
    }

    private static String name(QueuedAsset queued) {
        if (queued.asset() != null) {
            return queued.asset().id().value();
        }
        return Objects.requireNonNullElse(queued.file(), "");
    }

    private static boolean passing(Throwable failure) {
        return failure instanceof HeimdexException ours && ours.code().status().is5xxServerError();
    }

    private static Failed failed(QueuedAsset queued, Throwable failure) {
        if (failure instanceof HeimdexException ours) {
            return new Failed(queued, ours.code(), ours.detail());
        }
        log.error(
                "org {} asset {} {}: the work on it failed unexpectedly",
                queued.org(),
                queued.asset() == null ? "" : queued.asset().id(),
                Objects.requireNonNullElse(queued.file(), ""),
                failure);
        return new Failed(
                queued,
                ErrorCode.INTERNAL_ERROR,
                "The work on it failed; the service's log has the cause.");
    }
}
