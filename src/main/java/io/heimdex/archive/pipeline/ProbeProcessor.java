package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.pipeline.ProbedAsset.Described;
import io.heimdex.archive.pipeline.ProbedAsset.Failed;
import io.heimdex.archive.pipeline.ProbedAsset.Identified;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.sidecar.SidecarAssembler;
import io.heimdex.archive.sidecar.SidecarPublisher;
import io.heimdex.archive.sidecar.SidecarSource;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.AssetIdentity;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
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
        return process(queued, RunOptions.DEFAULT);
    }

    /** Probes the asset as its run wants it. */
    ProbedAsset process(QueuedAsset queued, RunOptions options) {
        try {
            return retries.execute(() -> look(queued, options));
        } catch (RetryException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while an asset was probed", e);
            }
            return failed(queued, e.getCause());
        }
    }

    private ProbedAsset look(QueuedAsset queued, RunOptions options) {
        if (queued.file() != null) {
            return identify(queued, queued.file(), options);
        }
        if (queued.asset() == null) {
            return new Failed(
                    queued,
                    ErrorCode.ASSET_NOT_FOUND,
                    "The asset was deleted before its turn came.");
        }
        return probe(queued, queued.asset(), options);
    }

    /** Reads the file once for its identity, and probes what was opened. */
    private ProbedAsset identify(QueuedAsset queued, SourceUri file, RunOptions options) {
        try (OpenedMedia media = store.open(queued.org(), file)) {
            AssetId id = AssetIdentity.of(media, file.name(), options.strongLimit(), null);
            return new Identified(
                    queued,
                    new Assets.Found(
                            id, file.text(), file.name(), media.size(), media.fingerprint()),
                    describe(queued, media, id, file.name(), options));
        }
    }

    private ProbedAsset probe(QueuedAsset queued, Asset asset, RunOptions options) {
        try (OpenedMedia media = store.open(queued.org(), SourceUri.parse(asset.sourceUri()))) {
            if (!media.fingerprint().equals(asset.fingerprint())) {
                return new Failed(
                        queued,
                        ErrorCode.SOURCE_CHANGED,
                        "The file is not the one that was committed; commit it again.");
            }
            return describe(queued, media, asset.id(), asset.filename(), options);
        }
    }

    private ProbedAsset describe(
            QueuedAsset queued,
            OpenedMedia media,
            AssetId id,
            String filename,
            RunOptions options) {
        return switch (prober.probe(media, options.probeTimeout())) {
            case Rejected(ErrorCode code, String message) -> new Failed(queued, code, message);
            case Probed probed ->
                    new Described(
                            queued,
                            publisher.publish(
                                    queued.org(),
                                    assembler.assemble(
                                            SidecarSource.of(id, filename, media), probed),
                                    probed.raw()));
        };
    }

    private static boolean passing(Throwable failure) {
        return failure instanceof HeimdexException ours && ours.code().status().is5xxServerError();
    }

    private static Failed failed(QueuedAsset queued, Throwable failure) {
        if (failure instanceof HeimdexException ours) {
            return new Failed(queued, ours.code(), ours.detail());
        }
        log.error(
                "org {} asset {} {}: the probe failed unexpectedly",
                queued.org(),
                queued.asset() == null ? "" : queued.asset().id(),
                queued.file() == null ? "" : queued.file().text(),
                failure);
        return new Failed(
                queued,
                ErrorCode.INTERNAL_ERROR,
                "The probe failed; the service's log has the cause.");
    }
}
