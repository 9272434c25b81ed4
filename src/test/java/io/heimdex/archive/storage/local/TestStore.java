package io.heimdex.archive.storage.local;

import io.heimdex.archive.storage.ArchiveSettings;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.StorageBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.springframework.util.unit.DataSize;

/** A store of folders without a service around it. */
public final class TestStore {

    private TestStore() {}

    /**
     * Makes one.
     *
     * @param data where it keeps what is its own
     * @param archives for each org the folder that it may read
     */
    public static MediaStore of(Path data, Map<String, String> archives) throws IOException {
        return new LocalMediaStore(
                new LocalStorageSettings(
                        StorageBackend.LOCAL,
                        data,
                        data.resolve("derived"),
                        Set.of("file"),
                        DataSize.ofMegabytes(1)),
                new ArchiveSettings(archives));
    }
}
