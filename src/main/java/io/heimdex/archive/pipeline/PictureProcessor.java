package io.heimdex.archive.pipeline;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.pipeline.ProbedAsset.Failed;
import io.heimdex.archive.pipeline.ProbedAsset.Pictured;
import io.heimdex.archive.pipeline.ProbedAsset.Told;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.sidecar.Sidecar;
import io.heimdex.archive.sidecar.SidecarPublisher;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.thumbnail.Picture;
import io.heimdex.archive.thumbnail.Thumbnail;
import io.heimdex.archive.thumbnail.ThumbnailOutcome.Refused;
import io.heimdex.archive.thumbnail.ThumbnailOutcome.Taken;
import io.heimdex.archive.thumbnail.ThumbnailPlan;
import io.heimdex.archive.thumbnail.ThumbnailPolicy;
import io.heimdex.archive.thumbnail.ThumbnailSet;
import io.heimdex.archive.thumbnail.Thumbnailer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** Makes the pictures of one asset, and stores them and the copy of the sidecar that tells them. */
@Component
class PictureProcessor {

    private final MediaStore store;
    private final Thumbnailer thumbnailer;
    private final SidecarPublisher publisher;
    private final Turns turns;

    PictureProcessor(
            MediaStore store, Thumbnailer thumbnailer, SidecarPublisher publisher, Turns turns) {
        this.store = store;
        this.thumbnailer = thumbnailer;
        this.publisher = publisher;
        this.turns = turns;
    }

    ProbedAsset process(QueuedAsset queued, ThumbnailPolicy policy) {
        ProbedAsset made = turns.take(queued, () -> make(queued, policy));
        return turns.take(queued, () -> told(made));
    }

    /** The sidecar's copy is written here, where no transaction waits for the storage. */
    private ProbedAsset told(ProbedAsset made) {
        Sidecar sidecar = made.asset().made().sidecar();
        if (made.asset().asset() == null || sidecar == null || !sidecar.isCurrent()) {
            return made;
        }
        ThumbnailSet pictures = PictureResults.set(made).after(made.asset().made().pictures());
        Sidecar pictured = publisher.pictured(sidecar, pictures);
        if (!pictured.etag().equals(sidecar.etag())) {
            publisher.write(pictured);
        }
        return new Told(made, pictures, pictured);
    }

    private ProbedAsset make(QueuedAsset queued, ThumbnailPolicy policy) {
        Asset asset = queued.asset();
        if (asset == null) {
            return new Failed(
                    queued,
                    ErrorCode.ASSET_NOT_FOUND,
                    "The asset was deleted before its turn came.");
        }
        Sidecar sidecar = queued.made().sidecar();
        if (sidecar == null) {
            return new Failed(
                    queued,
                    ErrorCode.SIDECAR_NOT_FOUND,
                    "The asset has no sidecar, which tells what there is to see; ask for that first.");
        }
        if (!sidecar.isCurrent()) {
            return new Failed(
                    queued,
                    ErrorCode.THUMBNAIL_GENERATION_FAILED,
                    "The asset's sidecar is of version %s; probe the asset again first."
                            .formatted(sidecar.schemaVersion()));
        }
        Optional<ThumbnailPlan> plan = ThumbnailPlans.of(publisher.read(sidecar), policy);
        if (plan.isEmpty()) {
            return new Pictured(queued, ThumbnailSet.none(asset.id(), asset.fingerprint()));
        }
        try (OpenedMedia media = store.open(queued.org(), SourceUri.parse(asset.sourceUri()))) {
            if (!media.fingerprint().equals(asset.fingerprint())) {
                return new Failed(
                        queued,
                        ErrorCode.SOURCE_CHANGED,
                        "The file is not the one that was committed; commit it again.");
            }
            return switch (thumbnailer.take(media, plan.get())) {
                case Refused(String message) ->
                        new Failed(queued, ErrorCode.THUMBNAIL_GENERATION_FAILED, message);
                case Taken taken ->
                        new Pictured(
                                queued,
                                ThumbnailSet.ready(
                                        asset.id(),
                                        taken.remark(),
                                        media.fingerprint(),
                                        thumbnailer.version(),
                                        stored(queued, asset, plan.get(), taken.pictures())));
            };
        }
    }

    /** Pictures of the same hundredth of a second are one. */
    private List<Thumbnail> stored(
            QueuedAsset queued, Asset asset, ThumbnailPlan plan, List<Picture> pictures) {
        String folder = queued.org() + "/thumbs/" + asset.id() + "/";
        List<Thumbnail> thumbnails = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Picture picture : pictures) {
            int idx = thumbnails.size();
            long centiseconds = Math.round(picture.second() * 100);
            String key = folder + (idx == 0 ? "poster" : "t" + centiseconds) + ".jpg";
            if (!keys.add(key)) {
                continue;
            }
            byte[] jpeg = new byte[picture.jpeg().remaining()];
            picture.jpeg().duplicate().get(jpeg);
            store.putDerived(key, MediaType.IMAGE_JPEG_VALUE, jpeg);
            thumbnails.add(
                    new Thumbnail(
                            idx,
                            key,
                            plan.width(),
                            plan.height(),
                            Math.round(picture.second() * 1000)));
        }
        return thumbnails;
    }
}
