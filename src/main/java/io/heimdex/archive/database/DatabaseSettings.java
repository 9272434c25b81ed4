package io.heimdex.archive.database;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the database is.
 *
 * @param url of PostgreSQL, as jdbc:postgresql:… or postgresql://user:password@host/name; the local
 *     profile starts one of its own if it is absent
 * @param migrationUrl of the same database, for a role that owns its tables and changes them; the
 *     other role is then given no more than it needs
 * @param dataDir the folder below which the embedded database is kept
 */
@ConfigurationProperties("heimdex.database")
record DatabaseSettings(
        @Nullable String url, @Nullable String migrationUrl, @DefaultValue("data") Path dataDir) {}
