package io.heimdex.archive.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

@ServiceTest
@ExtendWith(OutputCaptureExtension.class)
class TableOwnerTests {

    private static final String WARNING = "owns the tables";

    @Autowired TestDatabase database;
    @Autowired JdbcClient jdbc;

    /** Every node has one. */
    @Autowired TableOwner ours;

    @Test
    void anOwnerThatWorksIsToldOf(CapturedOutput output) {
        assertThat(ours).isNotNull();
        new TableOwner(database.asOwner(), "production");

        assertThat(output).containsOnlyOnce(WARNING);
    }

    @Test
    void nothingIsToldOfARoleThatOwnsNothing(CapturedOutput output) {
        new TableOwner(jdbc, "production");

        assertThat(output).doesNotContain(WARNING);
    }

    @Test
    void norOfASinglePersonsMachine(CapturedOutput output) {
        new TableOwner(database.asOwner(), "local");

        assertThat(output).doesNotContain(WARNING);
    }
}
