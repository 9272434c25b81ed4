package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Reach;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What the database itself keeps apart, whatever a statement asks for. */
@ServiceTest
class TenantWallTests {

    private static final String TABLES =
            """
            select c.relname
            from pg_class c
            where c.relkind in ('r', 'p', 'f', 'm') and c.relnamespace = 'public'::regnamespace
                and %s exists (select from pg_attribute a
                               where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped)
            """;

    private static final String OF_TENANTS = TABLES.formatted("");
    private static final String OF_NOBODY = TABLES.formatted("not");

    /** Forced, with the one policy for everything and everybody, and nothing that lets more in. */
    private static final String WALLED =
            OF_TENANTS
                    + """
                    and c.relrowsecurity and c.relforcerowsecurity
                    and (select array_agg(concat(pg_get_expr(p.polqual, p.polrelid), p.polcmd, p.polpermissive,
                                           p.polwithcheck::text, p.polroles::text))
                         from pg_policy p where p.polrelid = c.oid)
                        = array[$$((org_id = NULLIF(current_setting('heimdex.org'::text, true), ''::text)) OR (current_setting('heimdex.org'::text, true) = '*'::text))*t{0}$$]
                    """;

    private static final String OPEN_VIEWS =
            """
            select c.relname from pg_class c
            where c.relkind = 'v' and c.relnamespace = 'public'::regnamespace
                and not coalesce('security_invoker=true' = any(c.reloptions), false)
            """;

    @Autowired TestApi api;
    @Autowired TestDatabase database;
    @Autowired JdbcClient jdbc;
    @Autowired DataSource dataSource;
    @Autowired TransactionTemplate transaction;

    private final OrgId mine = new OrgId(TestApi.newOrg());
    private final OrgId theirs = new OrgId(TestApi.newOrg());

    @BeforeEach
    void twoOrgsWithAnAsset() throws IOException {
        byte[] tone = Files.readAllBytes(TestApi.sample("tone.flac"));
        for (OrgId org : List.of(mine, theirs)) {
            TestApi.Client client = api.as(org.value());
            client.sidecarJob(client.asset("tone.flac", tone));
        }
    }

    @Test
    void everyTableOfTenantsIsWalled() {
        assertThat(texts(OF_TENANTS)).hasSizeGreaterThanOrEqualTo(13).contains("asset", "job");
        assertThat(texts(WALLED)).containsExactlyInAnyOrderElementsOf(texts(OF_TENANTS));
        assertThat(texts(OPEN_VIEWS)).isEmpty();
    }

    /**
     * Spring Batch's, db-scheduler's and Liquibase's own, which name jobs by their ids alone, and
     * the nodes that run them.
     */
    @Test
    void aTableWithoutAnOrgIsNoneOfOurs() {
        assertThat(texts(OF_NOBODY))
                .isNotEmpty()
                .allMatch(table ->
                        table.startsWith("batch_")
                                || table.startsWith("scheduled_")
                                || table.startsWith("databasechangelog")
                                || table.equals("worker"));
    }

    /** So the one before the last can fail. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alter table forgotten enable row level security",
                "alter table forgotten force row level security",
                """
                alter table forgotten enable row level security;
                alter table forgotten force row level security;
                create policy reach on forgotten using (true)
                """
            })
    void aTableWithoutTheWallIsFound(String half) {
        try {
            database.asOwner()
                    .sql("create table forgotten (org_id text primary key); " + half)
                    .update();
            assertThat(texts(OF_TENANTS)).contains("forgotten");
            assertThat(texts(WALLED)).isNotEmpty().doesNotContain("forgotten");
        } finally {
            database.asOwner().sql("drop table forgotten").update();
        }
    }

    @Test
    void theRoleThatWorksOwnsNothingAndBypassesNothing() {
        assertThat(
                        jdbc.sql(
                                        "select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb"
                                                + " from pg_roles where rolname = current_user")
                                .query(Boolean.class)
                                .single())
                .isFalse();
        assertThat(
                        jdbc.sql(
                                        "select count(*) from pg_class where relowner = current_user::regrole")
                                .query(Integer.class)
                                .single())
                .isZero();
        assertThatThrownBy(() -> jdbc.sql("alter table asset disable row level security").update())
                .hasStackTraceContaining("must be owner");
    }

    @ParameterizedTest
    @ValueSource(strings = {"update audit set user_name = 'x'", "delete from audit"})
    void theAuditIsAddedToAndNeverChanged(String change) {
        assertThatThrownBy(() -> jdbc.sql(change).update())
                .hasStackTraceContaining("permission denied for table audit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "asset",
                "asset_source",
                "sidecar",
                "thumbnail_set",
                "upload",
                "job",
                "job_item",
                "job_state",
                "launch_turn",
                "asset_count",
                "upload_day"
            })
    void aStatementThatForgetsTheOrgReachesItsOwnRowsAlone(String table) {
        String forgetful = "select distinct org_id from " + table;

        assertThat(texts(forgetful)).contains(mine.value(), theirs.value());
        List<String> reached = new ArrayList<>();
        Reach.ofOrg(mine, () -> reached.addAll(texts(forgetful)));
        assertThat(reached).containsExactly(mine.value());
        Reach.ofNobody(() -> assertThat(texts(forgetful)).isEmpty());
    }

    @Test
    void aChangeThatForgetsTheOrgChangesItsOwnRowsAlone() {
        Reach.ofOrg(mine, () -> jdbc.sql("update asset set filename = 'changed'").update());

        assertThat(filename(mine)).isEqualTo("changed");
        assertThat(filename(theirs)).isEqualTo("tone.flac");
    }

    @Test
    void aRowIsNeverMadeForAnotherOrg() {
        assertThatThrownBy(() ->
                        Reach.ofOrg(
                                mine,
                                () ->
                                        jdbc.sql("update asset set org_id = :org")
                                                .param("org", theirs.value())
                                                .update()))
                .hasStackTraceContaining("row-level security");
    }

    @Test
    void theReachOfATransactionFollowsTheOneItIsIn() {
        transaction.executeWithoutResult(_ -> {
            Reach.ofOrg(mine, () -> assertThat(texts("select org_id from asset")).hasSize(1));
            assertThat(texts("select org_id from asset")).contains(theirs.value());
            Reach.ofOrg(theirs, () -> assertThat(texts("select org_id from asset")).hasSize(1));
        });
    }

    @Test
    void aConnectionThatIsUsedAgainReachesNobody() throws SQLException {
        Reach.ofOrg(mine, () -> assertThat(texts("select org_id from asset")).hasSize(1));

        // As something would that goes around what tells the reach.
        try (Connection bare = dataSource.unwrap(HikariDataSource.class).getConnection();
                Statement statement = bare.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from asset")) {
            rows.next();
            assertThat(rows.getInt(1)).isZero();
        }
    }

    private List<String> texts(String sql) {
        return jdbc.sql(sql).query((row, _) -> row.getString(1)).list();
    }

    private String filename(OrgId org) {
        return database.asOwner()
                .sql("select filename from asset where org_id = :org")
                .param("org", org.value())
                .query(String.class)
                .single();
    }
}
