package io.heimdex.archive.ingest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How files come in.
 *
 * @param maxUploadSize the largest file that may be uploaded
 * @param uploadTtl how long an upload URL is good for
 * @param publicUrl the address under which clients reach this service, if not the one of their
 *     request
 */
@ConfigurationProperties("heimdex.ingest")
record IngestSettings(
        @DefaultValue("100GB") DataSize maxUploadSize,
        @DefaultValue("1h") Duration uploadTtl,
        @Nullable String publicUrl) {}
