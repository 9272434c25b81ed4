package io.heimdex.archive.bulk;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where runs over many assets are described.
 *
 * @param configsDir the folder of the batch configs; there are none if it is absent
 */
@ConfigurationProperties("heimdex.bulk")
record BulkSettings(@DefaultValue("batch-configs") Path configsDir) {}
