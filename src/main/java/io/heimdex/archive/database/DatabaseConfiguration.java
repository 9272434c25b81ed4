package io.heimdex.archive.database;

import io.heimdex.archive.node.Roles;
import io.heimdex.archive.problem.CannotStartException;
import java.io.IOException;
import javax.sql.DataSource;
import liquibase.Liquibase;
import liquibase.integration.spring.Customizer;
import liquibase.integration.spring.SpringLiquibase;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Chooses the database, and the two roles in it: one that owns the tables, one that works. */
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

    /** For the migrations: the owner of the tables if there is one apart, else the same role. */
    @Bean
    MigrationConnection migrationConnection(
            DatabaseSettings settings, JdbcConnectionDetails database) {
        String url = settings.migrationUrl();
        if (database instanceof EmbeddedDatabase embedded) {
            return new MigrationConnection(embedded.owner(), false);
        }
        return url == null || url.isBlank()
                ? new MigrationConnection(database, true)
                : new MigrationConnection(ExternalDatabase.of(url), false);
    }

    /** Which role the migrations give its rights. */
    @Bean
    Customizer<Liquibase> appRole(DatabaseRole role) {
        return liquibase ->
                liquibase.getChangeLogParameters().set("app_role", role.name().replace("'", "''"));
    }

    /**
     * A node that knows no role that may migrate leaves it to others; {@link SchemaVersion} then
     * tells whether they have.
     */
    @Bean
    static BeanPostProcessor migrationsOfOthers(
            ObjectProvider<DatabaseRole> role, ObjectProvider<MigrationConnection> connection) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof SpringLiquibase liquibase
                        && connection.getObject().sameRole()
                        && !role.getObject().migrates()) {
                    liquibase.setShouldRun(false);
                }
                return bean;
            }
        };
    }

    /** Around the pool, before anything uses it. */
    @Bean
    static BeanPostProcessor tenantWall() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return name.equals("dataSource") && bean instanceof DataSource pool
                        ? new TenantDataSource(pool)
                        : bean;
            }
        };
    }
}
