package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobItems.Ending;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.pipeline.ProbedAsset.Failed;
import io.heimdex.archive.pipeline.ProbedAsset.Pictured;
import io.heimdex.archive.pipeline.ProbedAsset.Told;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.sidecar.Sidecar;
import io.heimdex.archive.sidecar.SidecarPublisher;
import io.heimdex.archive.sidecar.Sidecars;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.thumbnail.ThumbnailSet;
import io.heimdex.archive.thumbnail.Thumbnails;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Records what came of making pictures, in the chunk's own transaction. */
@Component
class PictureResults {

    private static final Logger log = LoggerFactory.getLogger(PictureResults.class);

    private final Assets assets;
    private final JobItems items;
    private final Thumbnails thumbnails;
    private final Sidecars sidecars;
    private final SidecarPublisher publisher;
    private final MediaStore store;

    PictureResults(
            Assets assets,
            JobItems items,
            Thumbnails thumbnails,
            Sidecars sidecars,
            SidecarPublisher publisher,
            MediaStore store) {
        this.assets = assets;
        this.items = items;
        this.thumbnails = thumbnails;
        this.sidecars = sidecars;
        this.publisher = publisher;
        this.store = store;
    }

    /** Records the results of a job about pictures: its assets have ended with them. */
    void finish(JobScope scope, List<? extends ProbedAsset> results) {
        List<Ending> endings = results.stream().map(PictureResults::ending).toList();
        // Items before assets, as the reader locks them.
        items.finish(scope, endings);
        record(scope, results);
        items.count(scope, endings);
    }

    private static Ending ending(ProbedAsset result) {
        int seq = result.asset().seq();
        String uri = result.asset().uri();
        ProbedAsset outcome = result instanceof Told told ? told.outcome() : result;
        return outcome instanceof Failed(QueuedAsset _, ErrorCode code, String message)
                ? new Ending(seq, null, code, message, uri)
                : new Ending(seq, null, null, null, uri);
    }

    /** Records the results where they are only a part of what the job does with its assets. */
    void record(JobScope scope, List<? extends ProbedAsset> results) {
        Map<AssetId, ThumbnailSet> sets = new LinkedHashMap<>();
        Map<AssetId, Told> told = new HashMap<>();
        for (ProbedAsset result : results) {
            if (result.asset().asset() != null) {
                ThumbnailSet set = set(result);
                sets.put(set.asset(), set);
                if (result instanceof Told one) {
                    told.put(set.asset(), one);
                }
            }
        }
        assets.hold(scope.org(), sets.keySet());
        List<String> stale = thumbnails.save(scope.org(), List.copyOf(sets.values()));
        Map<AssetId, ThumbnailSet> now = thumbnails.of(scope.org(), sets.keySet());
        sidecars.savePictured(
                scope.org(),
                sidecars.find(scope.org(), now.keySet()).stream()
                        .filter(Sidecar::isCurrent)
                        .map(sidecar ->
                                pictured(
                                        sidecar,
                                        Objects.requireNonNull(now.get(sidecar.assetId())),
                                        told.get(sidecar.assetId())))
                        .toList());
        deleteOnceCommitted(stale);
    }

    /**
     * As it was told before the transaction, unless the asset has been probed or pictured since.
     * Where the copy could not be written then, it is not tried again here.
     */
    private Sidecar pictured(Sidecar sidecar, ThumbnailSet now, @Nullable Told told) {
        if (told == null) {
            return publisher.pictured(sidecar, now);
        }
        if (told.pictures().equals(now) && sidecar.equals(told.asset().made().sidecar())) {
            return told.sidecar();
        }
        Sidecar pictured = publisher.pictured(sidecar, now);
        publisher.write(pictured);
        return pictured;
    }

    static ThumbnailSet set(ProbedAsset result) {
        return switch (result) {
            case Pictured(QueuedAsset _, ThumbnailSet set) -> set;
            case Told told -> set(told.outcome());
            case Failed(QueuedAsset queued, ErrorCode code, String message) ->
                    ThumbnailSet.failed(
                            Objects.requireNonNull(queued.asset()).id(),
                            code,
                            message,
                            queued.asset().fingerprint());
            default -> throw new IllegalStateException("no pictures were made");
        };
    }

    private void deleteOnceCommitted(List<String> stale) {
        if (stale.isEmpty()) {
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        try {
                            store.deleteDerived(stale);
                        } catch (HeimdexException e) {
                            log.warn(
                                    "pictures that nobody needs could not be deleted: {}",
                                    stale,
                                    e);
                        }
                    }
                });
    }
}
