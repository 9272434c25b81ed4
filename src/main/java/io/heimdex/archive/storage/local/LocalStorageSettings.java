package io.heimdex.archive.storage.local;

import io.heimdex.archive.storage.StorageBackend;
import java.nio.file.Path;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where local storage keeps its files.
 *
 * @param backend {@code local} for folders, {@code gcs} for Google Cloud Storage
 * @param dataDir the folder below which uploads are kept
 * @param derivedRoot the folder of sidecar copies and thumbnails
 * @param allowedSourceUriSchemes the schemes that sources may have
 * @param minFree how much of the file system uploads leave free for everything else on it
 */
@ConfigurationProperties("heimdex.storage")
record LocalStorageSettings(
        @DefaultValue("local") StorageBackend backend,
        @DefaultValue("data") Path dataDir,
        @DefaultValue("data/derived") Path derivedRoot,
        @DefaultValue("file") Set<String> allowedSourceUriSchemes,
        @DefaultValue("256MB") DataSize minFree) {}
