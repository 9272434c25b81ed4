package io.heimdex.archive.asset.web;

import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.asset.SidecarRequests;
import io.heimdex.archive.job.IdempotencyKey;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.sidecar.Sidecar;
import io.heimdex.archive.sidecar.Sidecars;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.Scope;
import jakarta.validation.Valid;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Assets and their sidecars. */
@RestController
class AssetController {

    private final Assets assets;
    private final Sidecars sidecars;
    private final SidecarRequests requests;
    private final JsonMapper json;

    AssetController(Assets assets, Sidecars sidecars, SidecarRequests requests, JsonMapper json) {
        this.assets = assets;
        this.sidecars = sidecars;
        this.requests = requests;
        this.json = json;
    }

    @GetMapping("/v1/assets/{id}")
    @RequiresScope(Scope.MEDIA_READ)
    AssetView asset(Caller caller, @PathVariable String id) {
        Asset asset = find(caller, id);
        return AssetView.of(
                caller.org(), asset, sidecars.find(caller.org(), asset.id()).orElse(null));
    }

    @PostMapping("/v1/assets/{id}/sidecar")
    @RequiresScope(Scope.JOBS_RUN)
    ResponseEntity<Accepted> requestSidecar(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @Valid @RequestBody(required = false) @Nullable SidecarRequestBody body) {
        SidecarRequestBody request = body == null ? SidecarRequestBody.EMPTY : body;
        caller.requireOrg(request.orgId());
        AssetId asset = AssetId.parse(id).orElseThrow(AssetController::notFound);
        JobId job =
                requests.forOne(
                        caller,
                        asset,
                        request.sourceUri(),
                        json.writeValueAsString(request.withoutOrg()),
                        IdempotencyKey.checked(key));
        URI location = URI.create("/v1/jobs/" + job);
        return ResponseEntity.accepted()
                .location(location)
                .body(new Accepted(job.toString(), location.toString()));
    }

    @GetMapping("/v1/assets/{id}/sidecar")
    @RequiresScope(Scope.MEDIA_READ)
    ResponseEntity<String> sidecar(
            Caller caller,
            @PathVariable String id,
            @RequestParam(defaultValue = "false") boolean raw) {
        Asset asset = find(caller, id);
        Sidecar sidecar =
                sidecars.find(caller.org(), asset.id())
                        .orElseThrow(() ->
                                new HeimdexException(
                                        ErrorCode.SIDECAR_NOT_FOUND,
                                        "The asset has no sidecar; it is "
                                                + asset.status().wireName()
                                                + "."));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noCache().cachePrivate())
                .eTag(raw ? sidecar.etag() + "-raw" : sidecar.etag())
                .body(raw ? withRaw(sidecar) : sidecar.json());
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

    private static HeimdexException notFound() {
        return new HeimdexException(ErrorCode.ASSET_NOT_FOUND, "There is no asset with this id.");
    }

    record Accepted(String jobId, String location) {}
}
