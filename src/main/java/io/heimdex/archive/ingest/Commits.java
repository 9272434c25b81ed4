package io.heimdex.archive.ingest;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.quota.AssetBudget;
import io.heimdex.archive.quota.Turns;
import io.heimdex.archive.sidecar.SidecarAssembler;
import io.heimdex.archive.sidecar.SidecarDocument;
import io.heimdex.archive.sidecar.SidecarSource;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.AssetIdentity;
import io.heimdex.archive.storage.Checksum;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes files into the catalogue, or looks into one without keeping anything. */
@Component
public class Commits {

    private final Uploads uploads;
    private final Assets assets;
    private final MediaStore store;
    private final MediaProber prober;
    private final SidecarAssembler assembler;
    private final AssetBudget budget;
    private final Turns turns;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Commits(
            Uploads uploads,
            Assets assets,
            MediaStore store,
            MediaProber prober,
            SidecarAssembler assembler,
            AssetBudget budget,
            IngestSettings settings,
            TransactionTemplate transaction,
            Clock clock) {
        this.uploads = uploads;
        this.assets = assets;
        this.store = store;
        this.prober = prober;
        this.assembler = assembler;
        this.budget = budget;
        int atOnce = settings.commitTurns();
        this.turns =
                new Turns(
                        ErrorCode.TOO_MANY_COMMITS,
                        atOnce,
                        _ -> (atOnce + 1) / 2,
                        settings.commitWait());
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Enters the file as an asset of the org. The same file again is the same asset.
     *
     * @param uploadId the upload that the file came by, or {@code null} if the source tells
     * @param strongLimit see {@link AssetIdentity#of}
     * @throws HeimdexException an upload, source or checksum code, {@code too_many_commits} or
     *     {@code asset_quota_exceeded}
     */
    public Asset commit(
            OrgId org, @Nullable String uploadId, String sourceUri, @Nullable Long strongLimit) {
        try (Turns.Turn _ = turns.take(org)) {
            return take(org, uploadId, sourceUri, strongLimit);
        }
    }

    private Asset take(
            OrgId org, @Nullable String uploadId, String sourceUri, @Nullable Long strongLimit) {
        SourceUri source = SourceUri.parse(sourceUri);
        Optional<Upload> upload = uploadFor(org, uploadId, source);
        String filename = upload.map(Upload::sourceName).orElse(source.name());
        Checksum declared = upload.map(Upload::checksum).orElse(null);
        // Sealed first: what is hashed below is what stays.
        upload.ifPresent(known -> store.seal(org, known.target()));
        try (OpenedMedia media = store.open(org, source)) {
            upload.ifPresent(known -> requireSize(known, media));
            AssetId id = AssetIdentity.of(media, filename, strongLimit, declared);
            Assets.Found found =
                    new Assets.Found(
                            id, source.text(), filename, media.size(), media.fingerprint());
            return Objects.requireNonNull(
                    transaction.execute(_ -> {
                        requireRoom(org, id);
                        Asset asset = assets.register(org, found);
                        if (upload.isPresent() && !uploads.commit(upload.get(), id)) {
                            throw UploadDesk.expired();
                        }
                        return asset;
                    }));
        } catch (RuntimeException e) {
            // Asked anew: another commit of the same upload may have gone through meanwhile.
            upload.flatMap(known -> uploads.find(org, known.id()))
                    .filter(known -> known.committedAs() == null)
                    .ifPresent(known -> store.unseal(org, known.target()));
            throw e;
        }
    }

    private void requireRoom(OrgId org, AssetId id) {
        if (budget.exhausted(org) && assets.find(org, id).isEmpty()) {
            throw budget.refusal(org);
        }
    }

    /**
     * The sidecar that the file would get.
     *
     * @throws HeimdexException a source code, a probe code if the file is not media, or {@code
     *     too_many_commits}
     */
    public SidecarDocument probe(OrgId org, String sourceUri, @Nullable Long strongLimit) {
        try (Turns.Turn _ = turns.take(org)) {
            return look(org, sourceUri, strongLimit);
        }
    }

    private SidecarDocument look(OrgId org, String sourceUri, @Nullable Long strongLimit) {
        SourceUri source = SourceUri.parse(sourceUri);
        String filename = uploads.find(org, source).map(Upload::sourceName).orElse(source.name());
        try (OpenedMedia media = store.open(org, source)) {
            ProbeOutcome outcome = prober.probe(media);
            return switch (outcome) {
                case Rejected(ErrorCode code, String message) ->
                        throw new HeimdexException(code, message);
                case Probed probed -> {
                    AssetId id = AssetIdentity.of(media, filename, strongLimit, null);
                    yield assembler.assemble(SidecarSource.of(id, filename, media), probed);
                }
            };
        }
    }

    private Optional<Upload> uploadFor(OrgId org, @Nullable String uploadId, SourceUri source) {
        Optional<Upload> upload =
                uploadId == null
                        ? uploads.find(org, source)
                        : Optional.of(
                                Uuids.parse(uploadId)
                                        .flatMap(id -> uploads.find(org, id))
                                        .orElseThrow(() ->
                                                new HeimdexException(
                                                        ErrorCode.UPLOAD_NOT_FOUND,
                                                        "There is no upload with this upload_id.")));
        upload.ifPresent(found -> {
            boolean sameSource = found.target().segments().equals(source.segments());
            if (found.committedAs() != null) {
                if (!sameSource) {
                    throw UploadDesk.alreadyUsed();
                }
            } else if (found.expired(clock.instant())) {
                throw UploadDesk.expired();
            } else if (!sameSource) {
                throw HeimdexException.invalidField(
                        "source_uri", "is not the asset_uri of the upload");
            }
        });
        return upload;
    }

    private static void requireSize(Upload upload, OpenedMedia media) {
        if (media.size() != upload.contentLength()) {
            throw new HeimdexException(
                    ErrorCode.SIZE_MISMATCH,
                    "The file has "
                            + media.size()
                            + " bytes, init was told "
                            + upload.contentLength()
                            + ".");
        }
    }
}
