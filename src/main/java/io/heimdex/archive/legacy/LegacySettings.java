package io.heimdex.archive.legacy;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The routes below {@code /legacy}.
 *
 * @param enabled whether there are any
 */
@ConfigurationProperties("heimdex.legacy")
record LegacySettings(@DefaultValue("false") boolean enabled) {}
