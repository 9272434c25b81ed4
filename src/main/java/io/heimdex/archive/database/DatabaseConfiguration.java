package io.heimdex.archive.database;

import io.heimdex.archive.node.Roles;
import io.heimdex.archive.problem.CannotStartException;
import java.io.IOException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Chooses the database. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    /**
     * The configured database, or in the local profile the embedded one, which ends together with
     * the application.
     *
     * @throws CannotStartException if another environment, or a node that shares it, names none
     */
    @Bean
    JdbcConnectionDetails databaseConnection(
            DatabaseSettings settings,
            Roles roles,
            @Value("${heimdex.environment}") String environment)
            throws IOException {
        String url = settings.url();
        if (url != null && !url.isBlank()) {
            return ExternalDatabase.of(url);
        }
        if (!environment.equals("local")) {
            throw new CannotStartException(
                    "HEIMDEX_DATABASE_URL is not set; environment '"
                            + environment
                            + "' needs it, as jdbc:postgresql:… or postgresql://user:password@host/name");
        }
        if (roles.shared()) {
            throw new CannotStartException(
                    "HEIMDEX_DATABASE_URL is not set; a node with one role alone needs it, as no other"
                            + " node reaches the embedded database");
        }
        return EmbeddedDatabase.start(settings.dataDir());
    }
}
