package io.heimdex.archive.quota;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How fast the bodies of requests have to come.
 *
 * @param minRate the least that has to come in a second; 0 for no limit
 * @param window the time of waiting over which it is looked at
 */
@ConfigurationProperties("heimdex.body")
record BodySettings(@DefaultValue("4KB") DataSize minRate, @DefaultValue("10s") Duration window) {}
