package io.heimdex.archive.ingest;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.quota.Quotas;
import io.heimdex.archive.quota.Turns;
import io.heimdex.archive.quota.UploadBudget;
import io.heimdex.archive.storage.Checksum;
import io.heimdex.archive.storage.DirectUpload;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.telemetry.Measure;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Reach;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;
import org.springframework.web.util.UriComponentsBuilder;

/** Announces uploads and takes their bytes. */
@Component
public class UploadDesk {

    private static final int MAX_NAME_BYTES = 255;

    private final Uploads uploads;
    private final MediaStore store;
    private final IngestSettings settings;
    private final Quotas quotas;
    private final UploadBudget budget;
    private final Turns turns;
    private final Clock clock;
    private final Counter announced;
    private final Counter received;
    private final Counter bytes;

    UploadDesk(
            Uploads uploads,
            MediaStore store,
            IngestSettings settings,
            Quotas quotas,
            UploadBudget budget,
            Clock clock,
            MeterRegistry meters) {
        this.uploads = uploads;
        this.store = store;
        this.settings = settings;
        this.quotas = quotas;
        this.budget = budget;
        this.turns =
                new Turns(
                        ErrorCode.TOO_MANY_UPLOADS,
                        settings.uploadsAtOnce(),
                        org -> quotas.of(org).uploadsAtOnce(),
                        Duration.ZERO);
        this.clock = clock;
        this.announced = Measure.UPLOADS.counter(meters, "announced");
        this.received = Measure.UPLOADS.counter(meters, "received");
        this.bytes = Measure.UPLOADED.counter(meters);
    }

    /**
     * A file that a client is about to upload.
     *
     * @param contentLength in bytes
     */
    public record Announcement(
            String sourceName,
            long contentLength,
            @Nullable String contentType,
            @Nullable Checksum checksum) {}

    /**
     * Where the client puts the bytes.
     *
     * @param target the source URI to commit afterwards
     */
    public record Ticket(
            UUID uploadId, SourceUri target, DirectUpload request, Instant expiresAt) {}

    /**
     * Makes place for a file.
     *
     * @param serviceUrl the address under which the client reached this service
     * @throws HeimdexException {@code upload_too_large}, {@code validation_failed}, {@code
     *     upload_quota_exceeded} or {@code too_many_uploads}
     */
    public Ticket announce(OrgId org, Announcement announcement, URI serviceUrl) {
        if (announcement.contentLength() > settings.maxUploadSize().toBytes()) {
            throw new HeimdexException(
                    ErrorCode.UPLOAD_TOO_LARGE,
                    "The file is larger than the "
                            + settings.maxUploadSize().toBytes()
                            + " bytes that are taken.");
        }
        requirePlainName(announcement.sourceName());
        requireFew(org);
        budget.require(org, announcement.contentLength());
        UUID id = UUID.randomUUID();
        Upload upload =
                new Upload(
                        org,
                        id,
                        announcement.sourceName(),
                        store.uploadTarget(org, id, announcement.sourceName()),
                        announcement.contentLength(),
                        announcement.checksum(),
                        UploadSignature.random(),
                        clock.instant().plus(settings.uploadTtl()).truncatedTo(ChronoUnit.SECONDS),
                        null);
        String contentType =
                StringUtils.hasText(announcement.contentType())
                        ? announcement.contentType()
                        : MediaType.APPLICATION_OCTET_STREAM_VALUE;
        Optional<DirectUpload> direct =
                store.directUpload(
                        upload.target(), upload.contentLength(), contentType, upload.expiresAt());
        // Nobody tells how many of those bytes come.
        direct.ifPresent(_ -> budget.take(org, upload.contentLength()));
        DirectUpload request =
                direct.orElseGet(() ->
                        new DirectUpload(
                                signedUrl(upload, serviceUrl),
                                "PUT",
                                Map.of(HttpHeaders.CONTENT_TYPE, contentType)));
        uploads.add(upload, announcement.contentType());
        announced.increment();
        return new Ticket(id, upload.target(), request, upload.expiresAt());
    }

    /**
     * Takes bytes of an upload.
     *
     * @param range which bytes they are, or {@code null} for the whole file
     * @param length how many bytes the body has, or -1 if the client does not say
     * @param expires when the URL says that it expires, in seconds; {@code null} if it does not
     * @return how many bytes of the file are there now
     * @throws HeimdexException an upload code
     */
    public long receive(
            String uploadId,
            @Nullable Long expires,
            String signature,
            @Nullable ByteRange range,
            long length,
            InputStream body) {
        Upload upload =
                Uuids.parse(uploadId)
                        .flatMap(uploads::findForSignedUrl)
                        .filter(found ->
                                found.signature().verify(found.id(), found.expiresAt(), signature))
                        .orElseThrow(() -> unknown(expires));
        if (upload.committedAs() != null) {
            throw alreadyUsed();
        }
        if (upload.expired(clock.instant())) {
            throw expired();
        }
        long offset = range == null ? 0 : range.first();
        requireFits(upload, range, offset, length);
        long expected = length < 0 ? upload.contentLength() - offset : length;
        return Reach.ofOrg(upload.org(), () -> receive(upload, body, offset, expected));
    }

    private long receive(Upload upload, InputStream body, long offset, long expected) {
        try (Turns.Turn _ = turns.take(upload.org());
                UploadBody counted =
                        new UploadBody(
                                body, upload.org(), expected, budget, settings.uploadDeadline())) {
            long there =
                    store.receive(
                            upload.org(), upload.target(), counted, offset, upload.contentLength());
            bytes.increment((double) Math.max(0, there - offset));
            if (there == upload.contentLength()) {
                received.increment();
            }
            return there;
        }
    }

    /** A URL that is long expired may be one of ours of which nothing is left. */
    private HeimdexException unknown(@Nullable Long expires) {
        return expires != null && expires < clock.instant().getEpochSecond()
                ? expired()
                : new HeimdexException(
                        ErrorCode.UPLOAD_URL_INVALID,
                        "The URL was not signed by this service, or it was changed.");
    }

    private void requireFew(OrgId org) {
        int most = quotas.of(org).openUploads();
        if (most > 0 && uploads.open(org, clock.instant(), most) >= most) {
            throw new HeimdexException(
                    ErrorCode.TOO_MANY_UPLOADS,
                    "The organisation has announced "
                            + most
                            + " uploads that are neither committed nor expired.",
                    Map.of("Retry-After", "60"));
        }
    }

    static HeimdexException alreadyUsed() {
        return new HeimdexException(
                ErrorCode.UPLOAD_ALREADY_USED,
                "The upload was committed and takes no more; announce a new one.");
    }

    static HeimdexException expired() {
        return new HeimdexException(
                ErrorCode.UPLOAD_EXPIRED, "The upload has expired; announce a new one.");
    }

    private URI signedUrl(Upload upload, URI serviceUrl) {
        UriComponentsBuilder base =
                settings.publicUrl() == null
                        ? UriComponentsBuilder.fromUri(serviceUrl)
                        : UriComponentsBuilder.fromUriString(settings.publicUrl());
        return base.path("/v1/uploads/{id}")
                .queryParam("expires", upload.expiresAt().getEpochSecond())
                .queryParam("signature", upload.signature().sign(upload.id(), upload.expiresAt()))
                .build(upload.id());
    }

    private static void requireFits(
            Upload upload, @Nullable ByteRange range, long offset, long length) {
        long declared = upload.contentLength();
        if (range != null && range.total() != declared) {
            throw new HeimdexException(
                    ErrorCode.SIZE_MISMATCH,
                    "Content-Range names a total of "
                            + range.total()
                            + " bytes, init was told "
                            + declared
                            + ".");
        }
        if (length >= 0 && offset + length > declared) {
            throw new HeimdexException(
                    ErrorCode.UPLOAD_TOO_LARGE,
                    "The body reaches beyond the declared " + declared + " bytes.");
        }
        if (range == null && length >= 0 && length < declared) {
            throw new HeimdexException(
                    ErrorCode.SIZE_MISMATCH,
                    "The body has "
                            + length
                            + " of the declared "
                            + declared
                            + " bytes; send parts with Content-Range.");
        }
    }

    private static void requirePlainName(String name) {
        boolean plain =
                !name.isBlank()
                        && name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES
                        && name.chars()
                                .noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c))
                        && !name.equals(".")
                        && !name.equals("..");
        if (!plain) {
            throw HeimdexException.invalidField(
                    "source_name",
                    "must be a file's name of 1 to "
                            + MAX_NAME_BYTES
                            + " bytes without slashes, backslashes and control characters");
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.contains("%2e%2e")
                || lower.contains("%2f")
                || lower.contains("%5c")
                || lower.contains("%00")) {
            throw HeimdexException.invalidField("source_name", "must not be percent-encoded");
        }
    }
}
