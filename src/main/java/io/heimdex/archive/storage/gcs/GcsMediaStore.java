package io.heimdex.archive.storage.gcs;

import com.google.api.gax.paging.Page;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.HttpMethod;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobGetOption;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.SignUrlOption;
import com.google.cloud.storage.StorageException;
import io.heimdex.archive.problem.CannotStartException;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.ArchiveSettings;
import io.heimdex.archive.storage.ArchiveVisitor;
import io.heimdex.archive.storage.Checksum;
import io.heimdex.archive.storage.DirectUpload;
import io.heimdex.archive.storage.FoundFile;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Media in buckets: an org may read its uploads and its configured archive, and nothing else. Names
 * of objects are never taken for paths.
 */
class GcsMediaStore implements MediaStore {

    private static final Logger log = LoggerFactory.getLogger(GcsMediaStore.class);

    private static final int PAGE = 1_000;
    private static final int DELETIONS = 16;

    /** No bucket, or no permission. */
    private static final Set<Integer> REFUSED = Set.of(401, 403, 404);

    private static final BlobField[] FACTS = {
        BlobField.BUCKET,
        BlobField.NAME,
        BlobField.GENERATION,
        BlobField.SIZE,
        BlobField.CRC32C,
        BlobField.UPDATED,
        BlobField.CUSTOMER_ENCRYPTION
    };

    private final Storage storage;
    private final GcsSettings settings;
    private final Clock clock;
    private final Map<OrgId, GcsArchive> archives;
    private final Map<OrgId, Semaphore> turns = new ConcurrentHashMap<>();

    GcsMediaStore(Storage storage, GcsSettings settings, ArchiveSettings archives, Clock clock) {
        if (settings.bucket().isBlank()) {
            throw new CannotStartException(
                    "Media is in Google Cloud Storage, but heimdex.storage.gcs.bucket is not set.");
        }
        this.storage = storage;
        this.settings = settings;
        this.clock = clock;
        this.archives =
                archives.orgs().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Function.identity(), org -> archive(org, archives)));
    }

    @Override
    public OpenedMedia open(OrgId org, SourceUri source) {
        if (!source.scheme().equals(SourceUri.GCS)) {
            throw new HeimdexException(
                    ErrorCode.SCHEME_NOT_ALLOWED,
                    "Sources of the scheme '"
                            + source.scheme()
                            + "' are not allowed here; use gs:.");
        }
        BlobId id = object(source);
        if (roots(org).stream().noneMatch(root -> root.holds(id.getBucket(), id.getName()))) {
            throw new HeimdexException(
                    ErrorCode.SOURCE_FORBIDDEN,
                    "The source is neither an upload of the org nor an object of its archive.");
        }
        Semaphore turn = turn(org);
        boolean opened = false;
        try {
            Blob found = GcsCall.call(() -> storage.get(id, BlobGetOption.fields(FACTS)));
            if (found == null) {
                throw new HeimdexException(
                        ErrorCode.SOURCE_NOT_FOUND, "There is no such bucket or object.");
            }
            OpenedMedia media =
                    new GcsMedia(
                            storage,
                            source,
                            found,
                            checksum(found),
                            settings.deadline(),
                            turn::release);
            opened = true;
            return media;
        } finally {
            if (!opened) {
                turn.release();
            }
        }
    }

    @Override
    public SourceUri archive(OrgId org) {
        return configured(org).uri();
    }

    @Override
    public boolean remote() {
        return true;
    }

    @Override
    public Set<OrgId> archives() {
        return archives.keySet();
    }

    @Override
    public void walk(
            OrgId org, @Nullable SourceUri folder, @Nullable String after, ArchiveVisitor visitor) {
        GcsArchive archive = configured(org);
        GcsArchive below = folder == null ? archive : GcsArchive.of(folder);
        if (!archive.holds(below.bucket(), below.prefix())) {
            throw new HeimdexException(
                    ErrorCode.SOURCE_FORBIDDEN, "The folder is not in the org's archive.");
        }
        String last = after;
        Page<Blob> page = list(below, after, archive);
        while (page != null) {
            for (Blob object : page.getValues()) {
                // The list begins with the name itself.
                if (!object.getName().equals(after)) {
                    tell(object, visitor);
                }
                last = object.getName();
            }
            if (last != null) {
                visitor.reached(last);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new HeimdexException(
                        ErrorCode.SERVICE_UNAVAILABLE, "The service is shutting down.");
            }
            Page<Blob> told = page;
            page = GcsCall.call(told::getNextPage);
        }
    }

    private Page<Blob> list(GcsArchive below, @Nullable String after, GcsArchive archive) {
        List<BlobListOption> options = new ArrayList<>();
        options.add(BlobListOption.prefix(below.prefix()));
        options.add(BlobListOption.pageSize(PAGE));
        options.add(BlobListOption.fields(FACTS));
        if (after != null) {
            options.add(BlobListOption.startOffset(after));
        }
        try {
            return GcsCall.call(
                    () -> storage.list(below.bucket(), options.toArray(BlobListOption[]::new)));
        } catch (HeimdexException e) {
            if (e.code() != ErrorCode.SOURCE_NOT_FOUND) {
                throw e;
            }
            throw new HeimdexException(
                    ErrorCode.ARCHIVE_NOT_FOUND,
                    "The bucket " + archive.bucket() + " of the organisation is not there.",
                    e);
        }
    }

    private static void tell(Blob object, ArchiveVisitor visitor) {
        String uri = SourceUri.GCS + "://" + object.getBucket() + "/" + object.getName();
        if (object.getName().endsWith("/")) {
            // How consoles show an empty folder.
            return;
        }
        try {
            SourceUri source = SourceUri.parse(uri);
            checksum(object);
            visitor.file(
                    new FoundFile(
                            source,
                            object.getSize(),
                            object.getUpdateTimeOffsetDateTime().toInstant(),
                            GcsMedia.fingerprint(object)));
        } catch (HeimdexException e) {
            visitor.unreadable(printable(uri), e.code(), e.detail());
        }
    }

    private static String printable(String uri) {
        StringBuilder printable = new StringBuilder();
        uri.codePoints()
                .forEach(c -> {
                    if (Character.isISOControl(c)) {
                        printable.append("%%%02X".formatted(c));
                    } else {
                        printable.appendCodePoint(c);
                    }
                });
        return printable.toString();
    }

    @Override
    public SourceUri uploadTarget(OrgId org, UUID uploadId, String name) {
        return SourceUri.parse(
                SourceUri.GCS
                        + "://"
                        + settings.bucket()
                        + "/"
                        + uploads(org).prefix()
                        + uploadId
                        + "/"
                        + name);
    }

    /** A signed URL; what is not as it was signed, is refused by the storage. */
    @Override
    public Optional<DirectUpload> directUpload(
            SourceUri target, long length, String contentType, Instant expiresAt) {
        Map<String, String> bound =
                Map.of(
                        "content-type",
                        contentType,
                        "x-goog-content-length-range",
                        length + "," + length,
                        "x-goog-if-generation-match",
                        "0");
        BlobInfo object = BlobInfo.newBuilder(object(target)).build();
        long seconds = Math.max(1, Duration.between(clock.instant(), expiresAt).toSeconds());
        try {
            URI url =
                    storage.signUrl(
                                    object,
                                    seconds,
                                    TimeUnit.SECONDS,
                                    SignUrlOption.withV4Signature(),
                                    SignUrlOption.withPathStyle(),
                                    SignUrlOption.httpMethod(HttpMethod.PUT),
                                    SignUrlOption.withHostName(storage.getOptions().getHost()),
                                    SignUrlOption.withExtHeaders(bound))
                            .toURI();
            return Optional.of(new DirectUpload(url, "PUT", bound));
        } catch (URISyntaxException | RuntimeException e) {
            throw new HeimdexException(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "The service cannot sign upload URLs; its Google credentials have no key.",
                    e);
        }
    }

    @Override
    public long receive(OrgId org, SourceUri target, InputStream bytes, long offset, long total) {
        throw new HeimdexException(
                ErrorCode.UPLOAD_URL_INVALID, "Uploads go to the bucket; use the URL of init.");
    }

    @Override
    public void discard(OrgId org, SourceUri upload) {
        BlobId id = object(upload);
        if (!uploads(org).holds(id.getBucket(), id.getName())) {
            throw new IllegalArgumentException("not an upload of org " + org + ": " + upload);
        }
        GcsCall.call(() -> storage.delete(id));
    }

    /** Its URL writes nothing where something is. */
    @Override
    public void seal(OrgId org, SourceUri upload) {}

    @Override
    public void unseal(OrgId org, SourceUri upload) {}

    @Override
    public void putDerived(String key, String contentType, byte[] content) {
        BlobInfo object =
                BlobInfo.newBuilder(derivedObject(key))
                        .setContentType(contentType)
                        .setCacheControl("private, no-cache")
                        .build();
        try {
            storage.create(object, content);
        } catch (StorageException e) {
            throw derivedFailed(key, "written", e);
        }
    }

    @Override
    public Optional<byte[]> getDerived(String key) {
        try {
            return Optional.of(storage.readAllBytes(derivedObject(key)));
        } catch (StorageException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Optional.empty();
            }
            throw derivedFailed(key, "read", e);
        }
    }

    /** Side by side: whoever deletes assets waits for it in a transaction. */
    @Override
    public void deleteDerived(Collection<String> keys) {
        List<Future<?>> deletions;
        try (ExecutorService threads =
                Executors.newFixedThreadPool(DELETIONS, Thread.ofVirtual().factory())) {
            deletions =
                    keys.stream()
                            .<Future<?>>map(key -> threads.submit(() -> deleteDerived(key)))
                            .toList();
        }
        for (Future<?> deletion : deletions) {
            if (deletion.state() != Future.State.SUCCESS) {
                throw deletion.exceptionNow() instanceof HeimdexException ours
                        ? ours
                        : new IllegalStateException(deletion.exceptionNow());
            }
        }
    }

    private void deleteDerived(String key) {
        try {
            storage.delete(derivedObject(key));
        } catch (StorageException e) {
            throw derivedFailed(key, "deleted", e);
        }
    }

    /** Not a fault of any file: what is refused here, is refused to the service. */
    private static HeimdexException derivedFailed(String key, String done, StorageException e) {
        if (REFUSED.contains(e.getCode())) {
            log.warn("Google Cloud Storage lets the derived file {} not be {}", key, done, e);
        }
        return new HeimdexException(
                ErrorCode.STORAGE_UNAVAILABLE,
                "The derived file " + key + " cannot be " + done + ".",
                e);
    }

    private BlobId derivedObject(String key) {
        return BlobId.of(settings.bucket(), folder(settings.derivedPrefix()) + key);
    }

    private GcsArchive archive(OrgId org, ArchiveSettings archives) {
        GcsArchive archive = GcsArchive.of(org, Objects.requireNonNull(archives.of(org)));
        for (String own : List.of(settings.uploadPrefix(), settings.derivedPrefix())) {
            String prefix = folder(own);
            if (archive.bucket().equals(settings.bucket())
                    && (prefix.startsWith(archive.prefix())
                            || archive.prefix().startsWith(prefix))) {
                throw new CannotStartException(
                        "heimdex.archives."
                                + org
                                + " would show the service's own folder "
                                + prefix
                                + " of the bucket; give it another prefix or bucket.");
            }
        }
        return archive;
    }

    private Semaphore turn(OrgId org) {
        Semaphore turn =
                turns.computeIfAbsent(org, _ -> new Semaphore(settings.mediaPerOrg(), true));
        try {
            if (turn.tryAcquire(settings.queueTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                return turn;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HeimdexException(
                    ErrorCode.SERVICE_UNAVAILABLE, "The service is shutting down.", e);
        }
        throw new HeimdexException(
                ErrorCode.STORAGE_UNAVAILABLE,
                "Too many objects of the organisation are being read; try again.");
    }

    private GcsArchive configured(OrgId org) {
        GcsArchive archive = archives.get(org);
        if (archive == null) {
            throw new HeimdexException(
                    ErrorCode.ARCHIVE_NOT_FOUND, "No bucket is configured for the organisation.");
        }
        return archive;
    }

    private List<GcsArchive> roots(OrgId org) {
        GcsArchive archive = archives.get(org);
        return archive == null ? List.of(uploads(org)) : List.of(uploads(org), archive);
    }

    private GcsArchive uploads(OrgId org) {
        return new GcsArchive(
                settings.bucket(), folder(settings.uploadPrefix()) + org.value() + "/");
    }

    private static String folder(String prefix) {
        return prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    }

    private static BlobId object(SourceUri source) {
        if (source.segments().size() < 2) {
            throw new HeimdexException(
                    ErrorCode.INVALID_SOURCE_URI,
                    "The source URI names a bucket, and no object in it.");
        }
        return BlobId.of(source.segments().getFirst(), source.segments().getLast());
    }

    /** Every object has one, but for those that Google cannot read itself. */
    private static Checksum checksum(BlobInfo object) {
        String crc32c = object.getCrc32c();
        if (object.getCustomerEncryption() != null || crc32c == null) {
            throw new HeimdexException(
                    ErrorCode.SOURCE_ENCRYPTED,
                    "The object is encrypted with a key that the service does not have.");
        }
        return Checksum.parse(Checksum.Algorithm.CRC32C, crc32c)
                .orElseThrow(() ->
                        new HeimdexException(
                                ErrorCode.STORAGE_UNAVAILABLE,
                                "The object's checksum cannot be read."));
    }
}
