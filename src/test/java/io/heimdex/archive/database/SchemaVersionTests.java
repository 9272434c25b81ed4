package io.heimdex.archive.database;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@ServiceTest
class SchemaVersionTests {

    @Autowired JdbcClient jdbc;
    @Autowired TestDatabase database;

    @Test
    void aDatabaseOfThisVersionIsTaken() {
        assertThatNoException().isThrownBy(() -> new SchemaVersion(jdbc));
    }

    @Test
    void aDatabaseThatANewerVersionMigratedIsRefused() {
        JdbcClient owner = database.asOwner();
        try {
            owner.sql(
                            """
                            insert into databasechangelog
                                (id, author, filename, dateexecuted, orderexecuted, exectype)
                            values ('9999-from-the-future', 'heimdex', 'x', now(), 9999, 'EXECUTED')
                            """)
                    .update();

            assertThatIllegalStateException()
                    .isThrownBy(() -> new SchemaVersion(jdbc))
                    .withMessageContaining("9999-from-the-future");
        } finally {
            owner.sql("delete from databasechangelog where id = '9999-from-the-future'").update();
        }
    }

    @Test
    void aDatabaseThatNobodyMigratedToThisVersionIsRefused() {
        JdbcClient owner = database.asOwner();
        String renamed = "update databasechangelog set id = ? where id = ?";
        try {
            // As if the change had not been made.
            owner.sql(renamed).params("0001-batch-metadata", "0019-thumbnails").update();

            assertThatIllegalStateException()
                    .isThrownBy(() -> new SchemaVersion(jdbc))
                    .withMessageContaining("HEIMDEX_MIGRATION_DATABASE_URL");
        } finally {
            owner.sql(renamed + " and filename like '%0019%'")
                    .params("0019-thumbnails", "0001-batch-metadata")
                    .update();
        }
    }
}
