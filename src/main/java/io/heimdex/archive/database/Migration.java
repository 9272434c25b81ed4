package io.heimdex.archive.database;

import io.heimdex.archive.node.Roles;
import io.heimdex.archive.problem.CannotStartException;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Brings the database to this version, and does nothing else: for before the nodes start. */
public final class Migration {

    private Migration() {}

    /**
     * Migrates the database of the settings.
     *
     * @param arguments settings that go before the others
     * @throws CannotStartException or what it came with, if the database is not of this version
     *     then
     */
    public static void run(String... arguments) {
        new SpringApplicationBuilder(Parts.class)
                .web(WebApplicationType.NONE)
                .run(arguments)
                .close();
    }

    /** What of the service it takes. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        DataSourceTransactionManagerAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        JdbcClientAutoConfiguration.class,
        LiquibaseAutoConfiguration.class
    })
    @EnableConfigurationProperties(DatabaseSettings.class)
    @Import({DatabaseConfiguration.class, DatabaseRole.class, SchemaVersion.class})
    static class Parts {

        /** The nodes come later, so the database is one that they share. */
        @Bean
        Roles rolesOfOthers() {
            return new Roles(true, false);
        }
    }
}
