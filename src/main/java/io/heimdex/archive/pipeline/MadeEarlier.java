package io.heimdex.archive.pipeline;

import io.heimdex.archive.pipeline.QueuedAsset.Made;
import io.heimdex.archive.sidecar.Sidecar;
import io.heimdex.archive.sidecar.Sidecars;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.thumbnail.ThumbnailSet;
import io.heimdex.archive.thumbnail.Thumbnails;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Reads for a page of assets what was made of them earlier. */
@Component
class MadeEarlier {

    private final Sidecars sidecars;
    private final Thumbnails thumbnails;

    MadeEarlier(Sidecars sidecars, Thumbnails thumbnails) {
        this.sidecars = sidecars;
        this.thumbnails = thumbnails;
    }

    /** What a step makes of its assets. */
    enum Work {
        SIDECARS,
        PICTURES
    }

    /** What the work needs to know of the assets. */
    Map<AssetId, Made> of(OrgId org, List<AssetId> ids, Work work) {
        return switch (work) {
            case SIDECARS ->
                    thumbnails.of(org, ids).entrySet().stream()
                            .collect(
                                    Collectors.toMap(
                                            Map.Entry::getKey,
                                            known -> new Made(null, known.getValue())));
            case PICTURES -> {
                Map<AssetId, ThumbnailSet> pictures = thumbnails.of(org, ids);
                yield sidecars.find(org, ids).stream()
                        .collect(
                                Collectors.toMap(
                                        Sidecar::assetId,
                                        sidecar ->
                                                new Made(
                                                        sidecar, pictures.get(sidecar.assetId()))));
            }
        };
    }
}
