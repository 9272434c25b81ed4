package io.heimdex.archive.ingest;

import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How files come in.
 *
 * @param maxUploadSize the largest file that may be uploaded
 * @param uploadTtl how long an upload URL is good for
 * @param uploadDeadline how long one request may bring bytes; an upload that was not committed is
 *     deleted so long after its URL expired
 * @param uploadsAtOnce how many uploads each node receives at once
 * @param commitsAtOnce how many files each node reads at once for commits and synchronous probes,
 *     half of them at most for one organisation; 0 for two per processor
 * @param commitWait how long a commit waits for its turn
 * @param publicUrl the address under which clients reach this service, if not the one of their
 *     request
 */
@Validated
@ConfigurationProperties("heimdex.ingest")
record IngestSettings(
        @DefaultValue("100GB") DataSize maxUploadSize,
        @DefaultValue("1h") Duration uploadTtl,
        @DefaultValue("6h") Duration uploadDeadline,
        @Positive @DefaultValue("512") int uploadsAtOnce,
        @PositiveOrZero @DefaultValue("0") int commitsAtOnce,
        @DefaultValue("60s") Duration commitWait,
        @Nullable String publicUrl) {

    int commitTurns() {
        return commitsAtOnce == 0 ? 2 * Runtime.getRuntime().availableProcessors() : commitsAtOnce;
    }
}
