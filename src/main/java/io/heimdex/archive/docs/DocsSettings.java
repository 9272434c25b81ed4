package io.heimdex.archive.docs;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the service shows of its own API.
 *
 * @param ui whether Swagger UI is at {@code /docs}
 */
@ConfigurationProperties("heimdex.docs")
record DocsSettings(@DefaultValue("true") boolean ui) {}
