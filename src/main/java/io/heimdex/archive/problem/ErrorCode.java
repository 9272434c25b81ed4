package io.heimdex.archive.problem;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * The stable names of everything that can go wrong. A code is never renamed and never reused. The
 * status is the one of an HTTP answer; for the codes of a failed asset it applies to the
 * synchronous probe.
 */
public enum ErrorCode {
    MISSING_AUTHORIZATION(HttpStatus.UNAUTHORIZED, "A bearer token is needed"),
    INVALID_TOKEN(HttpStatus.UNAUTHORIZED, "The bearer token is not accepted"),
    ORG_SCOPE_REQUIRED(HttpStatus.FORBIDDEN, "The token names no organisation"),
    ORG_SCOPE_MISMATCH(HttpStatus.FORBIDDEN, "The organisation is not the token's"),
    SCOPE_REQUIRED(HttpStatus.FORBIDDEN, "The token lacks a scope"),
    ADMIN_SCOPE_REQUIRED(HttpStatus.FORBIDDEN, "The token lacks the admin scope"),
    DEV_TOKEN_DISABLED(HttpStatus.FORBIDDEN, "Dev tokens are not to be had here"),

    MALFORMED_REQUEST(HttpStatus.BAD_REQUEST, "The request cannot be read"),
    VALIDATION_FAILED(HttpStatus.BAD_REQUEST, "The request has wrong fields"),
    REQUEST_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The request is too large"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "There is nothing at this path"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "The path does not take this method"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "The answer cannot be given in the accepted types"),
    UNSUPPORTED_MEDIA_TYPE(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The request's content type is not taken here"),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "The service failed"),
    SERVICE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The service cannot answer right now"),
    REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "The request came too slowly"),
    RATE_LIMITED(HttpStatus.TOO_MANY_REQUESTS, "The organisation sends too many requests"),
    TOO_MANY_STREAMS(
            HttpStatus.TOO_MANY_REQUESTS, "The organisation listens to too many events at once"),

    IDEMPOTENCY_CONFLICT(HttpStatus.CONFLICT, "The idempotency key was used for another request"),
    IDEMPOTENCY_IN_PROGRESS(
            HttpStatus.CONFLICT, "The request with this idempotency key is still in progress"),

    UPLOAD_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The upload is too large"),
    UPLOAD_NOT_FOUND(HttpStatus.NOT_FOUND, "There is no such upload"),
    UPLOAD_EXPIRED(HttpStatus.GONE, "The upload has expired"),
    UPLOAD_ALREADY_USED(HttpStatus.CONFLICT, "The upload was committed already"),
    UPLOAD_IN_PROGRESS(HttpStatus.CONFLICT, "Another request is writing to this upload"),
    UPLOAD_OFFSET_MISMATCH(HttpStatus.CONFLICT, "The upload goes on at another offset"),
    UPLOAD_URL_INVALID(HttpStatus.FORBIDDEN, "The upload URL is not one of ours"),
    UPLOAD_QUOTA_EXCEEDED(
            HttpStatus.TOO_MANY_REQUESTS, "The organisation has uploaded all that it may today"),
    TOO_MANY_UPLOADS(HttpStatus.TOO_MANY_REQUESTS, "The organisation has too many uploads at once"),
    TOO_MANY_COMMITS(
            HttpStatus.TOO_MANY_REQUESTS, "The organisation has too many files read at once"),
    CHECKSUM_MISMATCH(
            HttpStatus.UNPROCESSABLE_CONTENT, "The bytes do not have the declared checksum"),
    SIZE_MISMATCH(HttpStatus.UNPROCESSABLE_CONTENT, "The file does not have the declared size"),

    INVALID_SOURCE_URI(HttpStatus.BAD_REQUEST, "The source URI is not well-formed"),
    SCHEME_NOT_ALLOWED(HttpStatus.BAD_REQUEST, "Sources of this scheme are not taken"),
    SOURCE_FORBIDDEN(HttpStatus.FORBIDDEN, "The organisation may not read this source"),
    SOURCE_NOT_FOUND(HttpStatus.NOT_FOUND, "There is no file at the source URI"),
    NOT_REGULAR_FILE(HttpStatus.UNPROCESSABLE_CONTENT, "The source is not a regular file"),
    ARCHIVE_NOT_FOUND(HttpStatus.NOT_FOUND, "The organisation has no archive folder"),
    ARCHIVE_EMPTY(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "The archive has no files, though it had; is it mounted?"),
    SOURCE_ENCRYPTED(
            HttpStatus.UNPROCESSABLE_CONTENT, "The source is encrypted with a key of its owner"),
    SOURCE_CHANGED(HttpStatus.UNPROCESSABLE_CONTENT, "The file changed while it was read"),
    STORAGE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The storage cannot be read right now"),
    STORAGE_FULL(HttpStatus.INSUFFICIENT_STORAGE, "The storage is full"),

    ASSET_NOT_FOUND(HttpStatus.NOT_FOUND, "There is no such asset"),
    ASSET_QUOTA_EXCEEDED(
            HttpStatus.TOO_MANY_REQUESTS, "The organisation has as many assets as it may"),
    SOURCE_MISMATCH(HttpStatus.BAD_REQUEST, "The source URI is not one of the asset's"),
    SIDECAR_NOT_FOUND(HttpStatus.NOT_FOUND, "The asset has no sidecar"),
    THUMBNAIL_NOT_FOUND(HttpStatus.NOT_FOUND, "The asset has no such picture"),
    JOB_NOT_FOUND(HttpStatus.NOT_FOUND, "There is no such job"),
    JOB_RUNNING(HttpStatus.CONFLICT, "The job has not ended"),
    JOB_NOT_RUNNING(HttpStatus.CONFLICT, "The job has ended"),
    JOB_NOT_RESTARTABLE(HttpStatus.CONFLICT, "There is nothing in the job to do again"),
    EXECUTION_NOT_FOUND(HttpStatus.NOT_FOUND, "The job has no such execution"),
    INVALID_CURSOR(HttpStatus.BAD_REQUEST, "The cursor does not belong to this list"),
    RUN_IN_PROGRESS(HttpStatus.CONFLICT, "The same run is going on"),
    CONFIG_NOT_FOUND(HttpStatus.NOT_FOUND, "There is no such batch config"),
    TOO_MANY_FAILURES(HttpStatus.INTERNAL_SERVER_ERROR, "More assets failed than the run may have"),
    QUEUE_FULL(HttpStatus.TOO_MANY_REQUESTS, "Too many jobs wait already"),
    JOB_QUOTA_EXCEEDED(
            HttpStatus.TOO_MANY_REQUESTS, "The organisation has as many jobs waiting as it may"),
    JOB_FAILED(HttpStatus.INTERNAL_SERVER_ERROR, "The job stopped before its end"),

    EMPTY_FILE(HttpStatus.UNPROCESSABLE_CONTENT, "The file is empty"),
    UNSUPPORTED_FORMAT(
            HttpStatus.UNPROCESSABLE_CONTENT, "The file is in no supported media format"),
    INVALID_MEDIA(HttpStatus.UNPROCESSABLE_CONTENT, "The file is damaged or not media"),
    PROBE_TIMEOUT(HttpStatus.UNPROCESSABLE_CONTENT, "The probe took too long"),
    PROBE_OUTPUT_LIMIT(
            HttpStatus.UNPROCESSABLE_CONTENT, "The file has more metadata than is taken"),
    PROBE_RESOURCE_LIMIT(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "The probe needed more memory or time than it may use"),
    PROBER_CRASHED(HttpStatus.UNPROCESSABLE_CONTENT, "The file crashes the prober"),
    THUMBNAIL_GENERATION_FAILED(
            HttpStatus.UNPROCESSABLE_CONTENT, "No picture of the file can be made"),
    PROBER_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The prober cannot run right now");

    private static final Map<String, ErrorCode> BY_CODE =
            Arrays.stream(values())
                    .collect(Collectors.toUnmodifiableMap(ErrorCode::code, Function.identity()));

    private final HttpStatus status;
    private final String title;

    ErrorCode(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The one that clients see as this, if there is one. */
    public static Optional<ErrorCode> find(@Nullable String code) {
        return code == null ? Optional.empty() : Optional.ofNullable(BY_CODE.get(code));
    }

    /** The code as clients see it, in snake case. */
    public String code() {
        return SnakeCase.of(this);
    }

    public HttpStatus status() {
        return status;
    }

    /** What the code means, in one sentence that is the same for every occurrence. */
    public String title() {
        return title;
    }
}
