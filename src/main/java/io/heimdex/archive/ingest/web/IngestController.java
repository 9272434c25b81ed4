package io.heimdex.archive.ingest.web;

import com.fasterxml.jackson.annotation.JsonValue;
import io.heimdex.archive.access.OpenToAll;
import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.contract.Answers;
import io.heimdex.archive.contract.Fails;
import io.heimdex.archive.ingest.ByteRange;
import io.heimdex.archive.ingest.Commits;
import io.heimdex.archive.ingest.UploadDesk;
import io.heimdex.archive.ingest.UploadDesk.Announcement;
import io.heimdex.archive.ingest.UploadDesk.Ticket;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.sidecar.SidecarDocument;
import io.heimdex.archive.storage.Checksum;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.Scope;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** How a client brings in a file. */
@RestController
class IngestController {

    private final UploadDesk desk;
    private final Commits commits;

    IngestController(UploadDesk desk, Commits commits) {
        this.desk = desk;
        this.commits = commits;
    }

    /**
     * Announces a file, and tells where to put its bytes.
     *
     * @return the upload
     */
    @PostMapping("/v1/ingest/init")
    @RequiresScope(Scope.MEDIA_WRITE)
    @Fails({
        ErrorCode.UPLOAD_TOO_LARGE,
        ErrorCode.TOO_MANY_UPLOADS,
        ErrorCode.UPLOAD_QUOTA_EXCEEDED,
        ErrorCode.STORAGE_FULL,
        ErrorCode.STORAGE_UNAVAILABLE
    })
    @ResponseStatus(HttpStatus.CREATED)
    InitAnswer init(Caller caller, @Valid @RequestBody InitRequest request) {
        caller.requireOrg(request.orgId());
        Ticket ticket =
                desk.announce(
                        caller.org(),
                        new Announcement(
                                request.sourceName(),
                                request.contentLength(),
                                request.contentType(),
                                checksum(request.checksum())),
                        ServletUriComponentsBuilder.fromCurrentContextPath().build().toUri());
        return new InitAnswer(
                ticket.uploadId().toString(),
                new Presigned(
                        ticket.target().text(),
                        ticket.request().url().toString(),
                        ticket.request().method(),
                        ticket.request().headers(),
                        ticket.expiresAt()));
    }

    /**
     * Takes the bytes of an announced file, at once or in parts, with the URL that init told.
     *
     * @return The bytes are there.
     * @param expires until when the URL holds, in seconds since 1970
     * @param contentRange which part the body is, as in {@code bytes 0-99/1000}; the whole file if
     *     it is absent
     */
    @PutMapping("/v1/uploads/{id}")
    @OpenToAll
    @Answers(value = 204, body = Void.class, headers = "Upload-Offset")
    @Fails({
        ErrorCode.UPLOAD_URL_INVALID,
        ErrorCode.UPLOAD_EXPIRED,
        ErrorCode.UPLOAD_ALREADY_USED,
        ErrorCode.UPLOAD_IN_PROGRESS,
        ErrorCode.UPLOAD_OFFSET_MISMATCH,
        ErrorCode.UPLOAD_TOO_LARGE,
        ErrorCode.TOO_MANY_UPLOADS,
        ErrorCode.UPLOAD_QUOTA_EXCEEDED,
        ErrorCode.REQUEST_TIMEOUT,
        ErrorCode.SIZE_MISMATCH,
        ErrorCode.STORAGE_FULL,
        ErrorCode.STORAGE_UNAVAILABLE
    })
    ResponseEntity<Void> upload(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Long expires,
            @RequestParam(defaultValue = "") Signature signature,
            @RequestHeader(name = HttpHeaders.CONTENT_RANGE, required = false)
                    @Nullable String contentRange,
            HttpServletRequest request)
            throws IOException {
        ByteRange range =
                contentRange == null
                        ? null
                        : ByteRange.parse(contentRange)
                                .orElseThrow(() ->
                                        HeimdexException.invalidField(
                                                HttpHeaders.CONTENT_RANGE,
                                                "must look like bytes 0-99/1000"));
        long length = request.getContentLengthLong();
        if (range != null && length >= 0 && range.length() != length) {
            throw HeimdexException.invalidField(
                    HttpHeaders.CONTENT_RANGE, "does not fit the length of the body");
        }
        long there =
                desk.receive(
                        id, expires, signature.value(), range, length, request.getInputStream());
        return ResponseEntity.noContent().header("Upload-Offset", Long.toString(there)).build();
    }

    /**
     * Enters an uploaded file, or one of the org's archive, into the catalogue. The same file again
     * is the same asset.
     */
    @PostMapping("/v1/ingest/commit")
    @RequiresScope(Scope.MEDIA_WRITE)
    @Fails({
        ErrorCode.UPLOAD_NOT_FOUND,
        ErrorCode.UPLOAD_EXPIRED,
        ErrorCode.UPLOAD_ALREADY_USED,
        ErrorCode.UPLOAD_IN_PROGRESS,
        ErrorCode.TOO_MANY_COMMITS,
        ErrorCode.ASSET_QUOTA_EXCEEDED,
        ErrorCode.SIZE_MISMATCH,
        ErrorCode.CHECKSUM_MISMATCH,
        ErrorCode.INVALID_SOURCE_URI,
        ErrorCode.SCHEME_NOT_ALLOWED,
        ErrorCode.SOURCE_FORBIDDEN,
        ErrorCode.SOURCE_NOT_FOUND,
        ErrorCode.NOT_REGULAR_FILE,
        ErrorCode.SOURCE_ENCRYPTED,
        ErrorCode.SOURCE_CHANGED,
        ErrorCode.STORAGE_UNAVAILABLE
    })
    CommitAnswer commit(Caller caller, @Valid @RequestBody CommitRequest request) {
        caller.requireOrg(request.orgId());
        Asset asset =
                commits.commit(
                        caller.org(),
                        request.uploadId(),
                        request.sourceUri(),
                        request.weakThresholdBytes().limit());
        return new CommitAnswer(asset.id().value(), asset.sourceUri(), asset.status());
    }

    /** Looks into a file at once, and keeps nothing: the sidecar that it would get. */
    @PostMapping("/v1/ingest/probe")
    @RequiresScope(Scope.MEDIA_WRITE)
    @Fails({
        ErrorCode.INVALID_SOURCE_URI,
        ErrorCode.SCHEME_NOT_ALLOWED,
        ErrorCode.SOURCE_FORBIDDEN,
        ErrorCode.SOURCE_NOT_FOUND,
        ErrorCode.NOT_REGULAR_FILE,
        ErrorCode.SOURCE_ENCRYPTED,
        ErrorCode.SOURCE_CHANGED,
        ErrorCode.STORAGE_UNAVAILABLE,
        ErrorCode.EMPTY_FILE,
        ErrorCode.UNSUPPORTED_FORMAT,
        ErrorCode.INVALID_MEDIA,
        ErrorCode.PROBE_TIMEOUT,
        ErrorCode.PROBE_OUTPUT_LIMIT,
        ErrorCode.PROBE_RESOURCE_LIMIT,
        ErrorCode.PROBER_CRASHED,
        ErrorCode.PROBER_UNAVAILABLE
    })
    SidecarDocument probe(Caller caller, @Valid @RequestBody ProbeRequest request) {
        caller.requireOrg(request.orgId());
        return commits.probe(
                caller.org(), request.sourceUri(), request.weakThresholdBytes().limit());
    }

    /** Of an upload URL. Whoever logs arguments logs none of these. */
    record Signature(@JsonValue String value) {

        /** Public, so that parameters become one. */
        public Signature {}

        @Override
        public String toString() {
            return "(secret)";
        }
    }

    private static @Nullable Checksum checksum(InitRequest.@Nullable DeclaredChecksum declared) {
        if (declared == null) {
            return null;
        }
        return Checksum.Algorithm.parse(declared.algorithm())
                .map(algorithm ->
                        Checksum.parse(algorithm, declared.value())
                                .orElseThrow(() ->
                                        HeimdexException.invalidField(
                                                "checksum.value",
                                                "is neither hex nor base64 of the algorithm's length")))
                .orElseThrow(() ->
                        HeimdexException.invalidField(
                                "checksum.algorithm", "must be sha256 or crc32c"));
    }
}
