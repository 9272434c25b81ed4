package io.heimdex.archive.database;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Says at the start that one role both works and owns the tables. The policies are forced, so they
 * hold for it, but it could take them away, and give itself the right to change the audit. Runs
 * after the migrations, which a JdbcClient waits for and which may just have made it the owner.
 */
@Repository
class TableOwner {

    private static final Logger log = LoggerFactory.getLogger(TableOwner.class);

    private static final String OWNS =
            """
            select exists (select from pg_class c
                           where c.relnamespace = current_schema()::regnamespace and c.relrowsecurity
                               and pg_has_role(current_user, c.relowner, 'member'))
            """;

    TableOwner(JdbcClient jdbc, @Value("${heimdex.environment}") String environment) {
        // A single person's machine has nobody to be kept apart.
        if (!environment.equals("local") && jdbc.sql(OWNS).query(Boolean.class).single()) {
            log.warn(
                    "the role of HEIMDEX_DATABASE_URL owns the tables and could switch off the policies that"
                            + " keep orgs apart; let another one work, and name this one in"
                            + " HEIMDEX_MIGRATION_DATABASE_URL");
        }
    }
}
