package io.heimdex.archive.storage.local;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A folder of an org, held open so that its names are looked up in that very folder; reached from
 * the org's root without following a link or leaving its device.
 */
final class OpenFolder implements AutoCloseable {

    private final int descriptor;
    private final long device;

    private OpenFolder(int descriptor, long device) {
        this.descriptor = descriptor;
        this.device = device;
    }

    /**
     * Opens the folder.
     *
     * @param root a folder of the org, as its real path
     * @param below the names from there to the folder
     */
    static OpenFolder open(Path root, List<String> below) {
        OpenFolder folder = opened(Posix.openFolder(Posix.AT_FDCWD, root.toString()), null);
        for (String name : below) {
            try (OpenFolder parent = folder) {
                folder = parent.folder(name);
            }
        }
        return folder;
    }

    OpenFolder folder(String name) {
        return opened(Posix.openFolder(descriptor, name), device);
    }

    private static OpenFolder opened(int descriptor, @Nullable Long archive) {
        try {
            FileFacts facts = Posix.facts(descriptor);
            if (archive != null) {
                facts.requireDevice(archive);
            }
            return new OpenFolder(descriptor, facts.device());
        } catch (RuntimeException e) {
            Posix.close(descriptor);
            throw e;
        }
    }

    int descriptor() {
        return descriptor;
    }

    /** The device of the root, and so of everything here that the org may read. */
    long device() {
        return device;
    }

    /** Must be called once only: the number may name another file by then. */
    @Override
    public void close() {
        Posix.close(descriptor);
    }
}
