package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A gigabyte takes long to hash. */
@ServiceTest
@Aside
class LargeFileTests {

    @Autowired TestApi api;

    @Test
    void withoutALimitAFileOfAnySizeGetsAStrongId() throws IOException {
        Client client = api.as("folders");
        Path folder =
                FreshTestData.ARCHIVES.resolve("folders").resolve("large-" + UUID.randomUUID());
        Path file = Files.createDirectories(folder).toRealPath().resolve("large.mov");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1_000_000_001);
        }
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put("source_uri", file.toUri().toString());
        body.put("weak_threshold_bytes", null);

        assertThat(client.post("/v1/ingest/commit", body).text("/asset_id")).startsWith("sha256:");
    }
}
