package io.heimdex.archive.storage.local;

import io.heimdex.archive.storage.ArchiveSettings;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.MediaStoreContract;
import io.heimdex.archive.storage.StorageBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

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
                                Set.of("file")),
                        new ArchiveSettings(Map.of(ORG.value(), archive.toString())));
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
}
