package io.heimdex.archive.database;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.node.Roles;
import io.heimdex.archive.problem.CannotStartException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseConfigurationTests {

    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void aNodeThatSharesItsWorkNeedsADatabaseThatOthersReach(boolean api, boolean worker) {
        refused(new Roles(api, worker), "local");
    }

    @Test
    void thereIsNoEmbeddedDatabaseOutsideTheLocalProfile() {
        refused(new Roles(true, true), "production");
    }

    private static void refused(Roles roles, String environment) {
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() ->
                        new DatabaseConfiguration()
                                .databaseConnection(
                                        new DatabaseSettings(" ", null, Path.of("unused")),
                                        roles,
                                        environment))
                .withMessageContaining("HEIMDEX_DATABASE_URL");
    }
}
