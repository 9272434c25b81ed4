package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.asset.Assets.FailedProbe;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobItems.Ending;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.pipeline.ProbedAsset.Described;
import io.heimdex.archive.pipeline.ProbedAsset.Failed;
import io.heimdex.archive.sidecar.Sidecar;
import io.heimdex.archive.sidecar.Sidecars;
import io.heimdex.archive.storage.AssetId;
import java.util.ArrayList;
import java.util.List;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;

/**
 * Writes the results of a chunk: sidecars, asset states and job items, in the chunk's own
 * transaction.
 */
class SidecarWriter implements ItemWriter<ProbedAsset> {

    private final JobScope scope;
    private final Sidecars sidecars;
    private final Assets assets;
    private final JobItems items;

    SidecarWriter(JobScope scope, Sidecars sidecars, Assets assets, JobItems items) {
        this.scope = scope;
        this.sidecars = sidecars;
        this.assets = assets;
        this.items = items;
    }

    @Override
    public void write(Chunk<? extends ProbedAsset> chunk) {
        List<Sidecar> described = new ArrayList<>();
        List<AssetId> ready = new ArrayList<>();
        List<FailedProbe> failed = new ArrayList<>();
        List<Ending> endings = new ArrayList<>();
        for (ProbedAsset result : chunk) {
            int seq = result.asset().seq();
            Asset asset = result.asset().asset();
            String uri = asset == null ? null : asset.sourceUri();
            switch (result) {
                case Described(QueuedAsset _, Sidecar sidecar) -> {
                    described.add(sidecar);
                    ready.add(sidecar.assetId());
                    endings.add(new Ending(seq, null, null, uri));
                }
                case Failed failure -> {
                    if (asset != null) {
                        failed.add(new FailedProbe(asset.id(), failure.code(), failure.message()));
                    }
                    endings.add(new Ending(seq, failure.code(), failure.message(), uri));
                }
            }
        }
        // Items before assets, as the reader locks them.
        items.finish(scope, endings);
        assets.record(scope.org(), ready, failed);
        sidecars.save(scope.org(), described);
        items.count(scope, endings);
    }
}
