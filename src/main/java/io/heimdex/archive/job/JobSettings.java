package io.heimdex.archive.job;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long jobs wait and are remembered.
 *
 * @param retention after which an ended job is forgotten, with its items and Spring Batch's
 *     metadata
 * @param maxWait the longest estimated wait for a worker with which a job about one asset is taken
 */
@ConfigurationProperties("heimdex.job")
record JobSettings(
        @DefaultValue("90d") Duration retention, @DefaultValue("10m") Duration maxWait) {}
