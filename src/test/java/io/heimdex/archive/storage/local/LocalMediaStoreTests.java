package io.heimdex.archive.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.ArchiveSettings;
import io.heimdex.archive.storage.ArchiveVisitor;
import io.heimdex.archive.storage.FoundFile;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.MediaStoreContract;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.storage.StorageBackend;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** The contract of a store, kept by folders. */
class LocalMediaStoreTests extends MediaStoreContract {

    @TempDir private Path folder;
    private LocalMediaStore store;

    @BeforeEach
    void create() throws IOException {
        Path archive = Files.createDirectories(folder.resolve("archive"));
        store =
                new LocalMediaStore(
                        new LocalStorageSettings(
                                StorageBackend.LOCAL,
                                folder.resolve("data"),
                                folder.resolve("derived"),
                                Set.of("file"),
                                DataSize.ofMegabytes(1)),
                        new ArchiveSettings(Map.of(ORG.value(), archive.toString())));
    }

    /** A device that is always full, in the place of the part file. */
    @Test
    void aFullDiskIsToldAndForgottenOnceThereIsRoom() throws IOException {
        SourceUri target = store.uploadTarget(ORG, UUID.randomUUID(), "a.mp4");
        Path file = Path.of("/", target.segments().toArray(String[]::new));
        Files.createDirectories(file.getParent());
        Path part = Files.createSymbolicLink(file.resolveSibling(".part"), Path.of("/dev/full"));

        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> receive(target))
                .extracting(HeimdexException::code)
                .isEqualTo(ErrorCode.STORAGE_FULL);
        assertThat(file).doesNotExist();

        Files.delete(part);
        assertThat(receive(target)).isEqualTo(3);
        assertThat(file).hasBinaryContent(new byte[3]);
    }

    private long receive(SourceUri target) {
        return store.receive(ORG, target, new ByteArrayInputStream(new byte[3]), 0, 3);
    }

    /** The names of objects may be anything, so none of them may come to name a file. */
    @Test
    void anObjectIsNeverAFile() throws IOException {
        LocalMediaStore wide =
                new LocalMediaStore(
                        new LocalStorageSettings(
                                StorageBackend.LOCAL,
                                folder.resolve("data"),
                                folder.resolve("derived"),
                                Set.of("file", "gs"),
                                DataSize.ofMegabytes(1)),
                        new ArchiveSettings(Map.of(ORG.value(), "/tmp")));
        SourceUri outside = SourceUri.parse("gs://tmp/../etc/passwd");

        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> wide.open(ORG, outside).close())
                .extracting(HeimdexException::code)
                .isEqualTo(ErrorCode.SCHEME_NOT_ALLOWED);
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> wide.walk(ORG, SourceUri.parse("gs://tmp/../etc"), new Nobody()))
                .extracting(HeimdexException::code)
                .isEqualTo(ErrorCode.SOURCE_FORBIDDEN);
    }

    /** It cannot be told from one whose name was taken away. */
    @Test
    void aNameThatEndsLikeThatOfADeletedFileIsRefused() throws IOException {
        put("a.mp4 (deleted)", new byte[1]);
        put("a (deleted).mp4", new byte[1]);
        String archive = store.archive(ORG).text();

        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() ->
                        store.open(ORG, SourceUri.parse(archive + "/a.mp4 (deleted)")).close())
                .extracting(HeimdexException::code)
                .isEqualTo(ErrorCode.SOURCE_CHANGED);
        store.open(ORG, SourceUri.parse(archive + "/a (deleted).mp4")).close();
    }

    @Override
    protected MediaStore store() {
        return store;
    }

    @Override
    protected void put(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve("archive").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    @Override
    protected void delete(String name) throws IOException {
        Files.delete(folder.resolve("archive").resolve(name));
    }

    @Override
    protected byte[] derived(String key) throws IOException {
        return Files.readAllBytes(folder.resolve("derived").resolve(key));
    }

    private static final class Nobody implements ArchiveVisitor {

        @Override
        public void file(FoundFile file) {
            throw new AssertionError(file.uri().text());
        }

        @Override
        public void unreadable(String uri, ErrorCode code, String message) {
            throw new AssertionError(uri);
        }
    }
}
