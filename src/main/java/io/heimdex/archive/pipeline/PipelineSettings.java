package io.heimdex.archive.pipeline;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How jobs work through their assets.
 *
 * @param chunkSize how many assets are probed and committed together
 * @param hashConcurrency how many files scans read at once on this node to hash them; 0 for one per
 *     processor. One alone is best for a single disk that turns
 * @param retries how often a probe that failed through a passing fault is repeated
 * @param retryDelay the wait before the first repetition; each later one waits twice as long
 */
@Validated
@ConfigurationProperties("heimdex.pipeline")
record PipelineSettings(
        @Min(1) @Max(1000) @DefaultValue("64") int chunkSize,
        @Min(0) @DefaultValue("0") int hashConcurrency,
        @Min(0) @DefaultValue("3") int retries,
        @DefaultValue("100ms") Duration retryDelay) {}
