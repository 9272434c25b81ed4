package io.heimdex.archive.database;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.heimdex.archive.ServiceTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

@ServiceTest
class SchemaVersionTests {

    @Autowired JdbcClient jdbc;
    @Autowired TransactionTemplate transaction;

    @Test
    void aDatabaseOfThisVersionIsTaken() {
        assertThatNoException().isThrownBy(() -> new SchemaVersion(jdbc));
    }

    @Test
    void aDatabaseThatANewerVersionMigratedIsRefused() {
        transaction.executeWithoutResult(status -> {
            status.setRollbackOnly();
            jdbc.sql(
                            """
                            insert into databasechangelog
                                (id, author, filename, dateexecuted, orderexecuted, exectype)
                            values ('9999-from-the-future', 'heimdex', 'x', now(), 9999, 'EXECUTED')
                            """)
                    .update();

            assertThatIllegalStateException()
                    .isThrownBy(() -> new SchemaVersion(jdbc))
                    .withMessageContaining("9999-from-the-future");
        });
    }
}
