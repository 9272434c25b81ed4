package io.heimdex.archive.thumbnail;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The limits of taking pictures.
 *
 * @param timeout the wall-clock time that one asset's pictures may take
 * @param concurrency how many assets have their pictures taken at once; 0 for one per processor
 * @param queueTimeout how long an asset waits for its turn
 * @param maxMemory the address space of the ffmpeg process
 */
@Validated
@ConfigurationProperties("heimdex.thumbnails")
public record ThumbnailSettings(
        @DefaultValue("60s") Duration timeout,
        @Min(0) @DefaultValue("0") int concurrency,
        @DefaultValue("60s") Duration queueTimeout,
        @DefaultValue("2GB") DataSize maxMemory) {

    /** How many assets have their pictures taken at once. */
    public int permits() {
        return concurrency > 0 ? concurrency : Runtime.getRuntime().availableProcessors();
    }
}
