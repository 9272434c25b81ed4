package io.heimdex.archive.storage.local;

import io.heimdex.archive.problem.CannotStartException;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.ArchiveSettings;
import io.heimdex.archive.storage.ArchiveVisitor;
import io.heimdex.archive.storage.DirectUpload;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Media in folders: an org may read its uploads and its configured archive, and nothing else. */
@Component
@ConditionalOnProperty(
        name = "heimdex.storage.backend",
        havingValue = "local",
        matchIfMissing = true)
class LocalMediaStore implements MediaStore {

    private static final Logger log = LoggerFactory.getLogger(LocalMediaStore.class);

    private final Path uploads;
    private final Path derived;
    private final Map<OrgId, Path> archives;
    private final Set<String> schemes;
    private final long minFree;

    LocalMediaStore(LocalStorageSettings settings, ArchiveSettings archives) throws IOException {
        this.uploads = Files.createDirectories(settings.dataDir().resolve("uploads")).toRealPath();
        this.derived = Files.createDirectories(settings.derivedRoot()).toRealPath();
        this.archives =
                archives.orgs().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Function.identity(), org -> folder(org, archives)));
        this.schemes = Set.copyOf(settings.allowedSourceUriSchemes());
        this.minFree = settings.minFree().toBytes();
    }

    @Override
    public OpenedMedia open(OrgId org, SourceUri source) {
        if (!source.scheme().equals(SourceUri.FILE) || !schemes.contains(source.scheme())) {
            throw new HeimdexException(
                    ErrorCode.SCHEME_NOT_ALLOWED,
                    "Sources of the scheme '" + source.scheme() + "' are not allowed here.");
        }
        for (Map.Entry<List<String>, Path> root : roots(org).entrySet()) {
            List<String> below = below(root.getKey(), source);
            if (below != null && !below.isEmpty()) {
                return LocalMedia.open(root.getValue(), below, source);
            }
        }
        throw new HeimdexException(
                ErrorCode.SOURCE_FORBIDDEN,
                "The source is neither an upload of the org nor a file of its archive.");
    }

    @Override
    public SourceUri archive(OrgId org) {
        String uri = real(configured(org)).toUri().toString();
        return SourceUri.parse(uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri);
    }

    @Override
    public boolean remote() {
        return false;
    }

    @Override
    public Set<OrgId> archives() {
        return archives.keySet();
    }

    @Override
    public void walk(
            OrgId org, @Nullable SourceUri folder, @Nullable String after, ArchiveVisitor visitor) {
        Path configured = configured(org);
        Path root = real(configured);
        ArchiveWalk.walk(
                root,
                folder == null
                        ? List.of()
                        : inArchive(folder, names(root), names(spelled(configured))),
                visitor);
    }

    @Override
    public SourceUri uploadTarget(OrgId org, UUID uploadId, String name) {
        // Only letters that every file system and locale can hold; the catalogue keeps the name as
        // the client wrote it.
        String safe = name.replaceAll("[^A-Za-z0-9._-]", "_");
        Path file =
                uploads.resolve(org.value())
                        .resolve(uploadId.toString())
                        .resolve(safe.startsWith(".") ? "_" + safe : safe);
        return SourceUri.parse(file.toUri().toString());
    }

    @Override
    public long receive(OrgId org, SourceUri target, InputStream bytes, long offset, long total) {
        return upload(org, target).receive(bytes, offset, total);
    }

    @Override
    public void discard(OrgId org, SourceUri upload) {
        upload(org, upload).discard();
    }

    @Override
    public void seal(OrgId org, SourceUri upload) {
        upload(org, upload).seal();
    }

    @Override
    public void unseal(OrgId org, SourceUri upload) {
        upload(org, upload).unseal();
    }

    @Override
    public void putDerived(String key, String contentType, byte[] content) {
        Path file = derivedFile(key);
        try {
            Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
            boolean moved = false;
            try {
                writeNew(fresh, content);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
                moved = true;
            } finally {
                if (!moved) {
                    Files.deleteIfExists(fresh);
                }
            }
        } catch (IOException e) {
            throw new HeimdexException(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "The derived file " + key + " cannot be written.",
                    e);
        }
    }

    @Override
    public Optional<byte[]> getDerived(String key) {
        try {
            return Optional.of(Files.readAllBytes(derivedFile(key)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new HeimdexException(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "The derived file " + key + " cannot be read.",
                    e);
        }
    }

    @Override
    public void deleteDerived(Collection<String> keys) {
        for (String key : keys) {
            try {
                Files.deleteIfExists(derivedFile(key));
            } catch (IOException e) {
                throw new HeimdexException(
                        ErrorCode.STORAGE_UNAVAILABLE,
                        "The derived file " + key + " cannot be deleted.",
                        e);
            }
        }
    }

    private Path derivedFile(String key) {
        Path file = derived.resolve(key).normalize();
        if (!file.startsWith(derived)) {
            throw new IllegalArgumentException("the key leads out of the derived root: " + key);
        }
        return file;
    }

    /** In a folder that is almost always there. */
    private static void writeNew(Path file, byte[] content) throws IOException {
        try {
            Files.write(file, content);
        } catch (NoSuchFileException e) {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        }
    }

    private Path configured(OrgId org) {
        Path configured = archives.get(org);
        if (configured == null || !Files.isDirectory(configured)) {
            throw new HeimdexException(
                    ErrorCode.ARCHIVE_NOT_FOUND,
                    configured == null
                            ? "No archive folder is configured for the organisation."
                            : "The archive folder of the organisation is not there.");
        }
        return configured;
    }

    @Override
    public Optional<DirectUpload> directUpload(
            SourceUri target, long length, String contentType, Instant expiresAt) {
        return Optional.empty();
    }

    private static Path folder(OrgId org, ArchiveSettings settings) {
        String place = Objects.requireNonNull(settings.of(org));
        if (place.startsWith("gs:")) {
            throw new CannotStartException(
                    "heimdex.archives."
                            + org
                            + " is in Google Cloud Storage: set heimdex.storage.backend to gcs.");
        }
        return place.startsWith("file:") ? Path.of(URI.create(place)) : Path.of(place);
    }

    private LocalUpload upload(OrgId org, SourceUri target) {
        Path file = Path.of("/", target.segments().toArray(String[]::new));
        if (!file.startsWith(uploads.resolve(org.value()))) {
            throw new IllegalArgumentException("not an upload of org " + org + ": " + target);
        }
        return new LocalUpload(file, minFree);
    }

    /** The org's folders: as clients name them, and as they really are. */
    private Map<List<String>, Path> roots(OrgId org) {
        Map<List<String>, Path> roots = new LinkedHashMap<>();
        Path own = uploads.resolve(org.value());
        roots.put(names(own), own);
        Path archive = archives.get(org);
        if (archive != null) {
            try {
                Path real = archive.toRealPath();
                roots.put(names(real), real);
                roots.put(names(spelled(archive)), real);
            } catch (IOException e) {
                log.warn("the archive folder of org {} cannot be read", org, e);
            }
        }
        return roots;
    }

    private static Path real(Path archive) {
        try {
            return archive.toRealPath();
        } catch (IOException e) {
            throw new HeimdexException(
                    ErrorCode.STORAGE_UNAVAILABLE, "The archive cannot be read right now.", e);
        }
    }

    @SafeVarargs
    private static List<String> inArchive(SourceUri folder, List<String>... spellings) {
        for (List<String> root : spellings) {
            List<String> below = below(root, folder);
            if (below != null) {
                return below;
            }
        }
        throw new HeimdexException(
                ErrorCode.SOURCE_FORBIDDEN, "The folder is not in the org's archive.");
    }

    private static Path spelled(Path archive) {
        return archive.toAbsolutePath().normalize();
    }

    /**
     * The names from the root to the source; {@code null} if it is not there. Only of a file's URI
     * are the segments such names.
     */
    private static @Nullable List<String> below(List<String> root, SourceUri source) {
        List<String> path = source.segments();
        return source.scheme().equals(SourceUri.FILE)
                        && path.size() >= root.size()
                        && path.subList(0, root.size()).equals(root)
                ? path.subList(root.size(), path.size())
                : null;
    }

    private static List<String> names(Path folder) {
        return StreamSupport.stream(folder.spliterator(), false).map(Path::toString).toList();
    }
}
