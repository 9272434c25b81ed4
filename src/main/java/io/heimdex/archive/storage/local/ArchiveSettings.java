package io.heimdex.archive.storage.local;

import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The media folders of the organisations.
 *
 * @param archives for each organisation the folder whose files it may read
 */
@ConfigurationProperties("heimdex")
record ArchiveSettings(@DefaultValue Map<String, Path> archives) {}
