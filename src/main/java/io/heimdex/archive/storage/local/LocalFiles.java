package io.heimdex.archive.storage.local;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import java.io.IOException;
import java.nio.file.Path;

/** Files that whoever runs this program names, with no org between. */
public final class LocalFiles {

    private LocalFiles() {}

    /**
     * Opens a file, following links.
     *
     * @throws HeimdexException {@code source_not_found}, {@code not_regular_file} or {@code
     *     storage_unavailable}
     */
    public static OpenedMedia open(Path file) {
        try {
            return LocalMedia.open(file.toRealPath());
        } catch (IOException e) {
            throw new HeimdexException(
                    ErrorCode.SOURCE_NOT_FOUND, "There is no such file that can be read.", e);
        }
    }
}
