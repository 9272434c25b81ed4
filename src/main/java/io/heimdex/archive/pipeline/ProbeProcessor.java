package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.pipeline.ProbedAsset.Described;
import io.heimdex.archive.pipeline.ProbedAsset.Failed;
import io.heimdex.archive.pipeline.ProbedAsset.Identified;
import io.heimdex.archive.probe.DeepFacts;
import io.heimdex.archive.probe.DeepProber;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.sidecar.SidecarAssembler;
import io.heimdex.archive.sidecar.SidecarDocument;
import io.heimdex.archive.sidecar.SidecarPublisher;
import io.heimdex.archive.sidecar.SidecarSource;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.AssetIdentity;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.stereotype.Component;

/** Probes one asset. */
@Component
class ProbeProcessor implements ItemProcessor<QueuedAsset, ProbedAsset> {

    private final MediaStore store;
    private final MediaProber prober;
    private final SidecarAssembler assembler;
    private final SidecarPublisher publisher;
    private final DeepProber deepProber;
    private final Turns turns;

    ProbeProcessor(
            MediaStore store,
            MediaProber prober,
            SidecarAssembler assembler,
            SidecarPublisher publisher,
            DeepProber deepProber,
            Turns turns) {
        this.store = store;
        this.prober = prober;
        this.assembler = assembler;
        this.publisher = publisher;
        this.deepProber = deepProber;
        this.turns = turns;
    }

    @Override
    public ProbedAsset process(QueuedAsset queued) {
        return process(queued, RunOptions.DEFAULT);
    }

    /** Probes the asset as its run wants it. */
    ProbedAsset process(QueuedAsset queued, RunOptions options) {
        return turns.take(queued, () -> look(queued, options));
    }

    private ProbedAsset look(QueuedAsset queued, RunOptions options) {
        if (queued.file() != null) {
            return identify(queued, SourceUri.parse(queued.file()), options);
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
            case Probed probed -> {
                SidecarDocument document =
                        assembler.assemble(SidecarSource.of(id, filename, media), probed);
                if (options.decodes()) {
                    document = document.with(decode(media, document));
                }
                yield new Described(
                        queued,
                        publisher.publish(
                                queued.org(),
                                document,
                                queued.made().pictures(),
                                probed.raw(),
                                options.publishes()));
            }
        };
    }

    private DeepFacts decode(OpenedMedia media, SidecarDocument document) {
        SidecarDocument.Video video = document.video();
        SidecarDocument.Audio audio = document.audio();
        return deepProber.measure(
                media,
                video == null ? null : video.streamIndex(),
                audio == null ? null : audio.streamIndex());
    }
}
