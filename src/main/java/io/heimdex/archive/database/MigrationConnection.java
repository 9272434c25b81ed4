package io.heimdex.archive.database;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseConnectionDetails;

/**
 * The connection of the role that owns the tables.
 *
 * @param sameRole whether it is the role that works too, as far as the settings tell
 */
record MigrationConnection(JdbcConnectionDetails role, boolean sameRole)
        implements LiquibaseConnectionDetails {

    @Override
    public String getJdbcUrl() {
        return role.getJdbcUrl();
    }

    @Override
    public @Nullable String getUsername() {
        return role.getUsername();
    }

    @Override
    public @Nullable String getPassword() {
        return role.getPassword();
    }

    @Override
    public String toString() {
        return "MigrationConnection";
    }
}
