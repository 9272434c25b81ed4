package io.heimdex.archive.database;

import io.heimdex.archive.problem.CannotStartException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The role that this node works as. The policies that keep orgs apart do not hold for one that may
 * pass them over, so only a single person's machine may use such a role.
 */
@Repository
class DatabaseRole {

    private static final Logger log = LoggerFactory.getLogger(DatabaseRole.class);

    private static final String ASK =
            """
            select r.rolname as name,
                   exists (select from pg_roles over where (over.rolsuper or over.rolbypassrls)
                               and pg_has_role(r.oid, over.oid, 'member')) as passes,
                   coalesce(pg_has_role(r.oid, c.relowner, 'usage'),
                            has_schema_privilege(current_schema(), 'create'), false) as migrates
            from pg_roles r
            left join pg_class c on c.oid = to_regclass('databasechangelog')
            where r.rolname = current_user
            """;

    private final Row row;

    private record Row(String name, boolean passes, boolean migrates) {}

    /** Before the migrations, which want to know it. */
    DatabaseRole(DataSource dataSource, @Value("${heimdex.environment}") String environment) {
        this.row = JdbcClient.create(dataSource).sql(ASK).query(Row.class).single();
        if (row.passes()) {
            if (!environment.equals("local")) {
                throw new CannotStartException(
                        "the role of HEIMDEX_DATABASE_URL is a superuser or bypasses row-level security, or may"
                                + " become a role that does, so nothing in the database would keep the"
                                + " orgs apart; use a role that does neither");
            }
            log.warn(
                    "role {} passes over the policies that keep orgs apart; use one that does not",
                    row.name());
        }
    }

    String name() {
        return row.name();
    }

    /** Whether it may migrate the database itself: make tables in a new one, or change its own. */
    boolean migrates() {
        return row.migrates();
    }
}
