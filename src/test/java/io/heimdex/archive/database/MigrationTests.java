package io.heimdex.archive.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestDatabase;
import io.heimdex.archive.problem.CannotStartException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The migrations alone, before any node. */
@ServiceTest
class MigrationTests {

    @Autowired TestDatabase databases;

    private final String database = "migrated_" + UUID.randomUUID().toString().replace("-", "");

    @AfterEach
    void drop() {
        databases.drop(database);
    }

    @Test
    void aDatabaseIsBroughtToThisVersionOnceAndAgainWithoutHarm() {
        List<String> settings = new ArrayList<>(databases.create(database));
        settings.add("--logging.level.root=WARN");

        Migration.run(settings.toArray(String[]::new));
        Migration.run(settings.toArray(String[]::new));

        String url = settings.getFirst().replace("--heimdex.database.url=", "");
        JdbcClient asNode = JdbcClient.create(new DriverManagerDataSource(url));
        assertThat(asNode.sql("select count(*) from job").query(Long.class).single()).isZero();
        assertThatThrownBy(() -> asNode.sql("drop table job").update())
                .rootCause()
                .hasMessageContaining("must be owner");
    }

    @Test
    void withoutADatabaseThereIsNothingToMigrate() {
        assertThatThrownBy(() ->
                        Migration.run(
                                "--heimdex.database.url=", "--heimdex.environment=production"))
                .hasRootCauseInstanceOf(CannotStartException.class);
    }
}
