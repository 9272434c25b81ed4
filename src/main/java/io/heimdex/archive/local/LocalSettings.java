package io.heimdex.archive.local;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the local profile does.
 *
 * @param firstRun whether the archive of org demo is registered and probed at start
 */
@ConfigurationProperties("heimdex.local")
record LocalSettings(@DefaultValue("false") boolean firstRun) {}
