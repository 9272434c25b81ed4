package io.heimdex.archive.asset;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.sidecar.SidecarPublisher;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.thumbnail.Thumbnails;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Removes assets with all that was made of them. The media themselves stay where they are. */
@Component
public class AssetRemoval {

    private final Assets assets;
    private final Thumbnails thumbnails;
    private final MediaStore store;

    AssetRemoval(Assets assets, Thumbnails thumbnails, MediaStore store) {
        this.assets = assets;
        this.thumbnails = thumbnails;
        this.store = store;
    }

    /**
     * Removes the assets. If the storage fails, all stays as it was.
     *
     * @return how many were there
     * @throws HeimdexException {@code storage_unavailable}
     */
    @Transactional
    public int remove(OrgId org, Collection<AssetId> ids) {
        List<String> derived = new ArrayList<>();
        ids.forEach(id -> derived.add(SidecarPublisher.key(org, id)));
        thumbnails
                .of(org, ids)
                .values()
                .forEach(set -> set.thumbnails().forEach(one -> derived.add(one.storageKey())));
        int removed = assets.remove(org, ids);
        if (removed > 0) {
            store.deleteDerived(derived);
        }
        return removed;
    }
}
