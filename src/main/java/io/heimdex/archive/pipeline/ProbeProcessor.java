package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.pipeline.ProbedAsset.Described;
import io.heimdex.archive.pipeline.ProbedAsset.Failed;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.sidecar.SidecarAssembler;
import io.heimdex.archive.sidecar.SidecarPublisher;
import io.heimdex.archive.sidecar.SidecarSource;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.stereotype.Component;

/**
 * Probes one asset. Whatever is wrong with the asset is a result; a passing fault of storage or
 * prober is tried again and then a result too, so that no single asset ends a run.
 */
@Component
class ProbeProcessor implements ItemProcessor<QueuedAsset, ProbedAsset> {

    private static final Logger log = LoggerFactory.getLogger(ProbeProcessor.class);
    private static final double BACKOFF = 2;

    private final MediaStore store;
    private final MediaProber prober;
    private final SidecarAssembler assembler;
    private final SidecarPublisher publisher;
    private final RetryTemplate retries;

    ProbeProcessor(
            MediaStore store,
            MediaProber prober,
            SidecarAssembler assembler,
            SidecarPublisher publisher,
            PipelineSettings settings) {
        this.store = store;
        this.prober = prober;
        this.assembler = assembler;
        this.publisher = publisher;
        this.retries =
                new RetryTemplate(
                        RetryPolicy.builder()
                                .predicate(ProbeProcessor::passing)
                                .maxRetries(settings.retries())
                                .delay(settings.retryDelay())
                                .multiplier(BACKOFF)
                                .build());
    }

    @Override
    public ProbedAsset process(QueuedAsset queued) {
        return process(queued, null);
    }

    /** Probes the asset in no more than the given time, or in the service's own. */
    ProbedAsset process(QueuedAsset queued, @Nullable Duration timeout) {
        Asset asset = queued.asset();
        if (asset == null) {
            return new Failed(
                    queued,
                    ErrorCode.ASSET_NOT_FOUND,
                    "The asset was deleted before its turn came.");
        }
        try {
            return retries.execute(() -> probe(queued, asset, timeout));
        } catch (RetryException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while an asset was probed", e);
            }
            return failed(queued, asset, e.getCause());
        }
    }

    private ProbedAsset probe(QueuedAsset queued, Asset asset, @Nullable Duration timeout) {
        try (OpenedMedia media = store.open(queued.org(), SourceUri.parse(asset.sourceUri()))) {
            if (!media.fingerprint().equals(asset.fingerprint())) {
                return new Failed(
                        queued,
                        ErrorCode.SOURCE_CHANGED,
                        "The file is not the one that was committed; commit it again.");
            }
            return switch (prober.probe(media, timeout)) {
                case Rejected(ErrorCode code, String message) -> new Failed(queued, code, message);
                case Probed probed -> {
                    SidecarSource source = SidecarSource.of(asset.id(), asset.filename(), media);
                    yield new Described(
                            queued,
                            publisher.publish(
                                    queued.org(),
                                    assembler.assemble(source, probed),
                                    probed.raw()));
                }
            };
        }
    }

    private static boolean passing(Throwable failure) {
        return failure instanceof HeimdexException ours && ours.code().status().is5xxServerError();
    }

    private static Failed failed(QueuedAsset queued, Asset asset, Throwable failure) {
        if (failure instanceof HeimdexException ours) {
            return new Failed(queued, ours.code(), ours.detail());
        }
        log.error(
                "org {} asset {}: the probe failed unexpectedly",
                queued.org(),
                asset.id(),
                failure);
        return new Failed(
                queued,
                ErrorCode.INTERNAL_ERROR,
                "The probe failed; the service's log has the cause.");
    }
}
