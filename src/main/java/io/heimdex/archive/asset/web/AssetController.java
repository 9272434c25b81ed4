package io.heimdex.archive.asset.web;

import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.asset.AssetFilter;
import io.heimdex.archive.asset.AssetList;
import io.heimdex.archive.asset.AssetRemoval;
import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.asset.Length;
import io.heimdex.archive.asset.Resolution;
import io.heimdex.archive.asset.SidecarRequests;
import io.heimdex.archive.asset.SidecarRequests.Wanted;
import io.heimdex.archive.contract.Answers;
import io.heimdex.archive.contract.Fails;
import io.heimdex.archive.job.IdempotencyKey;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.paging.Cursor;
import io.heimdex.archive.paging.Page;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.sidecar.Sidecar;
import io.heimdex.archive.sidecar.SidecarChanges;
import io.heimdex.archive.sidecar.SidecarDocument;
import io.heimdex.archive.sidecar.SidecarDocument.HdrClass;
import io.heimdex.archive.sidecar.Sidecars;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.Sha256;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Scope;
import io.heimdex.archive.thumbnail.ThumbnailSet;
import io.heimdex.archive.thumbnail.Thumbnails;
import jakarta.validation.Valid;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Assets and their sidecars. */
@RestController
class AssetController {

    private static final Duration CACHED = Duration.ofDays(365);

    private static final int SHORTEST_NAME_PART = 3;
    private static final int LONGEST_NAME_PART = 255;

    private final Assets assets;
    private final AssetList list;
    private final Sidecars sidecars;
    private final SidecarRequests requests;
    private final AssetRemoval removal;
    private final Thumbnails thumbnails;
    private final MediaStore store;
    private final JsonMapper json;

    AssetController(
            Assets assets,
            AssetList list,
            Sidecars sidecars,
            SidecarRequests requests,
            AssetRemoval removal,
            Thumbnails thumbnails,
            MediaStore store,
            JsonMapper json) {
        this.assets = assets;
        this.list = list;
        this.sidecars = sidecars;
        this.requests = requests;
        this.removal = removal;
        this.thumbnails = thumbnails;
        this.store = store;
        this.json = json;
    }

    /**
     * The org's assets by id, in parts. All criteria have to fit.
     *
     * @param failureCode the code of the last failure
     * @param sourcePrefix how the source URI begins
     * @param container one of its format's names, or all of them as GET /v1/assets/summary has them
     * @param videoCodec as sidecars name it
     * @param hdrClass as in the sidecar and in the summary
     * @param resolution as in the summary
     * @param duration as in the summary
     * @param probedBefore only assets whose sidecar is older
     * @param q a part of the file's name, of three characters at least; small letters stand for
     *     large ones too. A search looks at 100,000 names for one part of the list, so a part may
     *     hold fewer assets than its limit, or none, and still have a next_cursor.
     */
    @GetMapping("/v1/assets")
    @RequiresScope(Scope.MEDIA_READ)
    Page<AssetView> list(
            Caller caller,
            @RequestParam(required = false) Asset.@Nullable Status status,
            @RequestParam(name = "failure_code", required = false) @Nullable String failureCode,
            @RequestParam(name = "source_prefix", required = false) @Nullable String sourcePrefix,
            @RequestParam(required = false) @Nullable String container,
            @RequestParam(name = "video_codec", required = false) @Nullable String videoCodec,
            @RequestParam(name = "hdr_class", required = false) @Nullable HdrClass hdrClass,
            @RequestParam(required = false) @Nullable Resolution resolution,
            @RequestParam(required = false) @Nullable Length duration,
            @RequestParam(name = "probed_before", required = false) @Nullable Instant probedBefore,
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        Page.requireLimit(limit);
        AssetFilter filter =
                new AssetFilter(
                        status,
                        failureCode,
                        sourcePrefix,
                        container,
                        videoCodec,
                        hdrClass,
                        resolution,
                        duration,
                        probedBefore,
                        namePart(q));
        AssetId after = Cursor.read(cursor, AssetId::new, filter);
        AssetList.Part part = list.part(caller.org(), filter, after, limit);
        return Cursor.part(
                views(caller.org(), part.assets()),
                part.next() == null ? null : part.next().value(),
                filter);
    }

    /** One asset. */
    @GetMapping("/v1/assets/{id}")
    @RequiresScope(Scope.MEDIA_READ)
    @Fails(ErrorCode.ASSET_NOT_FOUND)
    AssetView asset(Caller caller, @PathVariable String id) {
        return views(caller.org(), List.of(find(caller, id))).getFirst();
    }

    private List<AssetView> views(OrgId org, List<Asset> shown) {
        List<AssetId> ids = shown.stream().map(Asset::id).toList();
        Map<AssetId, Sidecar.Summary> described = sidecars.summaries(org, ids);
        Map<AssetId, ThumbnailSet> pictured = thumbnails.of(org, ids);
        return shown.stream()
                .map(asset ->
                        AssetView.of(
                                org, asset, described.get(asset.id()), pictured.get(asset.id())))
                .toList();
    }

    /** Removes an asset from the catalogue, with its sidecar and pictures, but never its file. */
    @DeleteMapping("/v1/assets/{id}")
    @RequiresScope(Scope.MEDIA_WRITE)
    @Fails({ErrorCode.ASSET_NOT_FOUND, ErrorCode.STORAGE_UNAVAILABLE})
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(Caller caller, @PathVariable String id) {
        AssetId asset = AssetId.parse(id).orElseThrow(AssetController::notFound);
        if (removal.remove(caller.org(), List.of(asset)) == 0) {
            throw notFound();
        }
    }

    /**
     * Asks for an asset's sidecar and pictures to be made, whether it has them or not.
     *
     * @return the job that makes them
     */
    @PostMapping("/v1/assets/{id}/sidecar")
    @RequiresScope(Scope.JOBS_RUN)
    @Answers(value = 202, headers = "Location")
    @Fails({
        ErrorCode.ASSET_NOT_FOUND,
        ErrorCode.INVALID_SOURCE_URI,
        ErrorCode.SCHEME_NOT_ALLOWED,
        ErrorCode.SOURCE_MISMATCH,
        ErrorCode.QUEUE_FULL,
        ErrorCode.JOB_QUOTA_EXCEEDED
    })
    ResponseEntity<Accepted> requestSidecar(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @Valid @RequestBody(required = false) @Nullable SidecarRequestBody body) {
        return request(caller, Wanted.SIDECAR, id, key, body);
    }

    /**
     * Asks for an asset's pictures to be made anew.
     *
     * @return the job that makes them
     */
    @PostMapping("/v1/assets/{id}/thumbnails")
    @RequiresScope(Scope.JOBS_RUN)
    @Answers(value = 202, headers = "Location")
    @Fails({
        ErrorCode.ASSET_NOT_FOUND,
        ErrorCode.INVALID_SOURCE_URI,
        ErrorCode.SCHEME_NOT_ALLOWED,
        ErrorCode.SOURCE_MISMATCH,
        ErrorCode.QUEUE_FULL,
        ErrorCode.JOB_QUOTA_EXCEEDED
    })
    ResponseEntity<Accepted> requestThumbnails(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @Valid @RequestBody(required = false) @Nullable SidecarRequestBody body) {
        return request(caller, Wanted.THUMBNAILS, id, key, body);
    }

    private ResponseEntity<Accepted> request(
            Caller caller,
            Wanted wanted,
            String id,
            @Nullable String key,
            @Nullable SidecarRequestBody body) {
        SidecarRequestBody request = body == null ? SidecarRequestBody.EMPTY : body;
        caller.requireOrg(request.orgId());
        AssetId asset = AssetId.parse(id).orElseThrow(AssetController::notFound);
        JobId job =
                requests.forOne(
                        caller,
                        wanted,
                        asset,
                        request.sourceUri(),
                        json.writeValueAsString(request.withoutOrg()),
                        IdempotencyKey.checked(key));
        URI location = URI.create("/v1/jobs/" + job);
        return ResponseEntity.accepted()
                .location(location)
                .body(new Accepted(job.toString(), location.toString()));
    }

    /**
     * A picture of an asset.
     *
     * @param idx its number, 0 for the poster
     */
    @GetMapping("/v1/assets/{id}/thumbnails/{idx}")
    @RequiresScope(Scope.MEDIA_READ)
    @Answers(
            body = byte[].class,
            type = MediaType.IMAGE_JPEG_VALUE,
            headers = {"ETag", "Cache-Control"})
    @Answers(
            value = 304,
            body = Void.class,
            headers = {"ETag", "Cache-Control"})
    @Fails({
        ErrorCode.ASSET_NOT_FOUND,
        ErrorCode.THUMBNAIL_NOT_FOUND,
        ErrorCode.STORAGE_UNAVAILABLE
    })
    ResponseEntity<byte[]> thumbnail(
            Caller caller, @PathVariable String id, @PathVariable int idx) {
        Asset asset = find(caller, id);
        byte[] jpeg =
                thumbnails
                        .find(caller.org(), asset.id(), idx)
                        .flatMap(picture -> store.getDerived(picture.storageKey()))
                        .orElseThrow(() ->
                                new HeimdexException(
                                        ErrorCode.THUMBNAIL_NOT_FOUND,
                                        "The asset has no picture with this number; GET /v1/assets/{id} lists those that there are."));
        return ResponseEntity.ok()
                .contentType(MediaType.IMAGE_JPEG)
                .cacheControl(CacheControl.maxAge(CACHED).cachePrivate().immutable())
                .eTag(Sha256.hex(jpeg))
                .body(jpeg);
    }

    /**
     * What is in an asset's file.
     *
     * @param raw whether what ffprobe said is to be there too, as {@code ffprobe}
     */
    @GetMapping("/v1/assets/{id}/sidecar")
    @RequiresScope(Scope.MEDIA_READ)
    @Answers(
            body = SidecarDocument.class,
            headers = {"ETag", "Cache-Control"})
    @Answers(
            value = 304,
            body = Void.class,
            headers = {"ETag", "Cache-Control"})
    @Fails({ErrorCode.ASSET_NOT_FOUND, ErrorCode.SIDECAR_NOT_FOUND})
    ResponseEntity<String> sidecar(
            Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "false") boolean raw) {
        Asset asset = find(caller, id);
        Sidecar sidecar =
                sidecars.find(caller.org(), asset.id()).orElseThrow(() -> noSidecar(asset));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noCache().cachePrivate())
                // Weak, because a later probe that finds the same differs in its time.
                .eTag("W/\"" + sidecar.etag() + (raw ? "-raw\"" : "\""))
                .body(raw ? withRaw(sidecar) : sidecar.json());
    }

    /** What the last change of an asset's sidecar changed. */
    @GetMapping("/v1/assets/{id}/sidecar/changes")
    @RequiresScope(Scope.MEDIA_READ)
    @Fails({ErrorCode.ASSET_NOT_FOUND, ErrorCode.SIDECAR_NOT_FOUND})
    SidecarChanges changes(Caller caller, @PathVariable String id) {
        Asset asset = find(caller, id);
        return sidecars.changes(caller.org(), asset.id()).orElseThrow(() -> noSidecar(asset));
    }

    /** The document with one more field. Both parts are JSON already, and may be large. */
    private static String withRaw(Sidecar sidecar) {
        String document = sidecar.json();
        return document.substring(0, document.lastIndexOf('}'))
                + ", \"ffprobe\": "
                + sidecar.raw()
                + "}";
    }

    private Asset find(Caller caller, String id) {
        return AssetId.parse(id)
                .flatMap(asset -> assets.find(caller.org(), asset))
                .orElseThrow(AssetController::notFound);
    }

    private static @Nullable String namePart(@Nullable String q) {
        if (q == null) {
            return null;
        }
        int length = q.codePointCount(0, q.length());
        if (length < SHORTEST_NAME_PART || length > LONGEST_NAME_PART) {
            throw HeimdexException.invalidField(
                    "q",
                    "must be "
                            + SHORTEST_NAME_PART
                            + " to "
                            + LONGEST_NAME_PART
                            + " characters of a file's name");
        }
        return q;
    }

    private static HeimdexException noSidecar(Asset asset) {
        return new HeimdexException(
                ErrorCode.SIDECAR_NOT_FOUND,
                "The asset has no sidecar; it is " + asset.status().wireName() + ".");
    }

    private static HeimdexException notFound() {
        return new HeimdexException(ErrorCode.ASSET_NOT_FOUND, "There is no asset with this id.");
    }

    record Accepted(String jobId, String location) {}
}
