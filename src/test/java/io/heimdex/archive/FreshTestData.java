package io.heimdex.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.util.FileSystemUtils;

/**
 * Makes the archive folders of the tests anew, once per run. Database and uploads stay: no test may
 * mind them.
 */
class FreshTestData implements BeforeAllCallback {

    static final Path ARCHIVES = Path.of("target/test-archives");

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(FreshTestData.class, _ -> fresh());
    }

    private static Path fresh() {
        try {
            FileSystemUtils.deleteRecursively(ARCHIVES);
            return Files.createDirectories(ARCHIVES.resolve("folders"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
