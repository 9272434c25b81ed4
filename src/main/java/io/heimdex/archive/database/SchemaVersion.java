package io.heimdex.archive.database;

import io.heimdex.archive.problem.CannotStartException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Keeps a node from working on a database that a newer version has migrated, whose rows it would
 * not understand, and on one that nobody has migrated to its own version. Runs after the
 * migrations, which a JdbcClient waits for.
 */
@Repository
class SchemaVersion {

    private static final String CHANGES = "classpath:db/changelog/changes/*.sql";

    SchemaVersion(JdbcClient jdbc) throws IOException {
        Set<String> known =
                Arrays.stream(new PathMatchingResourcePatternResolver().getResources(CHANGES))
                        .map(Resource::getFilename)
                        .map(name -> Objects.requireNonNull(name).replace(".sql", ""))
                        .collect(Collectors.toUnmodifiableSet());
        List<String> made =
                isNew(jdbc)
                        ? List.of()
                        : jdbc.sql("select id from databasechangelog order by orderexecuted")
                                .query((row, _) -> row.getString("id"))
                                .list();
        if (!made.containsAll(known)) {
            throw new CannotStartException(
                    "the database is older than this service, and its role may not migrate it;"
                            + " start a node with HEIMDEX_MIGRATION_DATABASE_URL first");
        }
        List<String> unknown = made.stream().filter(id -> !known.contains(id)).toList();
        if (!unknown.isEmpty()) {
            throw new CannotStartException(
                    "a newer version of this service has migrated the database ("
                            + unknown.getLast()
                            + "); start that version");
        }
    }

    private static boolean isNew(JdbcClient jdbc) {
        return jdbc.sql("select to_regclass('databasechangelog') is null")
                .query(Boolean.class)
                .single();
    }
}
