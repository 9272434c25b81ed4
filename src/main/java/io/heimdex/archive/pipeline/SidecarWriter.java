package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.asset.Assets.FailedProbe;
import io.heimdex.archive.asset.FoundFiles;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobItems.Ending;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.pipeline.ProbedAsset.Described;
import io.heimdex.archive.pipeline.ProbedAsset.Failed;
import io.heimdex.archive.pipeline.ProbedAsset.Identified;
import io.heimdex.archive.pipeline.ProbedAsset.Pictured;
import io.heimdex.archive.pipeline.ProbedAsset.Told;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.sidecar.Sidecar;
import io.heimdex.archive.sidecar.SidecarPublisher;
import io.heimdex.archive.sidecar.Sidecars;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.thumbnail.ThumbnailSet;
import io.heimdex.archive.thumbnail.Thumbnails;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;

/**
 * Writes the results of a chunk: sidecars, asset states and job items, in the chunk's own
 * transaction.
 */
class SidecarWriter implements ItemWriter<ProbedAsset> {

    private final JobScope scope;
    private final Sidecars sidecars;
    private final SidecarPublisher publisher;
    private final Thumbnails thumbnails;
    private final FoundFiles files;
    private final Assets assets;
    private final JobItems items;
    private final Leftovers leftovers;

    SidecarWriter(
            JobScope scope,
            Sidecars sidecars,
            SidecarPublisher publisher,
            Thumbnails thumbnails,
            FoundFiles files,
            Assets assets,
            JobItems items,
            Leftovers leftovers) {
        this.scope = scope;
        this.publisher = publisher;
        this.thumbnails = thumbnails;
        this.sidecars = sidecars;
        this.files = files;
        this.assets = assets;
        this.items = items;
        this.leftovers = leftovers;
    }

    @Override
    public void write(Chunk<? extends ProbedAsset> chunk) {
        Results results = new Results();
        chunk.forEach(result -> results.add(result, null));
        // Items before assets, as the reader locks them.
        items.finish(scope, results.endings);
        files.enter(scope.org(), results.files, scope.job().value());
        Set<AssetId> there =
                assets.record(
                        scope.org(),
                        results.described.keySet(),
                        List.copyOf(results.failed.values()));
        List<String> unwanted = outdatedCopies(results.described.values());
        sidecars.save(scope.org(), pictured(results.described.values()));
        items.count(scope, results.endings);
        results.described.keySet().stream()
                .filter(id -> !there.contains(id))
                .map(id -> SidecarPublisher.key(scope.org(), id))
                .forEach(unwanted::add);
        leftovers.deleteOnceCommitted(unwanted);
    }

    /** The copies of sidecars that get none now. */
    private List<String> outdatedCopies(Collection<Described> described) {
        List<AssetId> without =
                described.stream()
                        .filter(one -> one.sidecar().storageKey() == null)
                        .map(one -> one.sidecar().assetId())
                        .toList();
        List<String> outdated = new ArrayList<>();
        if (!without.isEmpty()) {
            sidecars.summaries(scope.org(), without).values().stream()
                    .map(Sidecar.Summary::storageKey)
                    .filter(Objects::nonNull)
                    .forEach(outdated::add);
        }
        return outdated;
    }

    /** What is known of their pictures by now, where that was not known when they were probed. */
    private List<Sidecar> pictured(Collection<Described> described) {
        Map<AssetId, ThumbnailSet> pictures =
                thumbnails.of(
                        scope.org(),
                        described.stream().map(one -> one.sidecar().assetId()).toList());
        return described.stream()
                .map(one -> {
                    ThumbnailSet now = pictures.get(one.sidecar().assetId());
                    if (now == null || now.equals(one.asset().made().pictures())) {
                        return one.sidecar();
                    }
                    Sidecar pictured = publisher.pictured(one.sidecar(), now);
                    publisher.write(pictured);
                    return pictured;
                })
                .toList();
    }

    /** A chunk's results by what they change; of several files with one content the last counts. */
    private static final class Results {

        private final List<Assets.Found> files = new ArrayList<>();
        private final Map<AssetId, Described> described = new LinkedHashMap<>();
        private final Map<AssetId, FailedProbe> failed = new LinkedHashMap<>();
        private final List<Ending> endings = new ArrayList<>();

        private void add(ProbedAsset result, Assets.@Nullable Found file) {
            int seq = result.asset().seq();
            AssetId found = file == null ? null : file.id();
            switch (result) {
                case Identified(QueuedAsset _, Assets.Found identified, ProbedAsset outcome) -> {
                    files.add(identified);
                    add(outcome, identified);
                }
                case Described one -> {
                    AssetId id = one.sidecar().assetId();
                    failed.remove(id);
                    described.put(id, one);
                    endings.add(new Ending(seq, found, null, null, one.asset().uri()));
                }
                case Pictured _, Told _ -> throw new IllegalStateException("no sidecar was made");
                case Failed(QueuedAsset queued, ErrorCode code, String message) -> {
                    AssetId id = queued.asset() == null ? found : queued.asset().id();
                    if (id != null) {
                        described.remove(id);
                        failed.put(id, new FailedProbe(id, code, message));
                    }
                    endings.add(new Ending(seq, found, code, message, queued.uri()));
                }
            }
        }
    }
}
