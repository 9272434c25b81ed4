package io.heimdex.archive.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestDatabase;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The roles that a node may work as. */
@ServiceTest
@ExtendWith(OutputCaptureExtension.class)
class DatabaseRoleTests {

    @Autowired TestDatabase database;
    @Autowired DatabaseRole ours;

    private final String role = "role_" + UUID.randomUUID().toString().replace("-", "");

    @AfterEach
    void drop() {
        database.asOwner().sql("drop role if exists " + role).update();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "superuser",
                "bypassrls",
                "in role postgres",
                "noinherit in role postgres",
            })
    void oneThatPassesOverThePoliciesStartsNoNode(String rights, CapturedOutput output) {
        DriverManagerDataSource as = as(rights);

        assertThatIllegalStateException()
                .isThrownBy(() -> new DatabaseRole(as, "production"))
                .withMessageContaining("superuser or bypasses row-level security");
        // On a single person's machine there is nobody to be kept apart.
        assertThat(new DatabaseRole(as, "local").name()).isEqualTo(role);
        assertThat(output).contains("role " + role + " passes over the policies");
    }

    @Test
    void oneThatDoesNotIsTaken(CapturedOutput output) {
        assertThat(new DatabaseRole(as("createdb createrole"), "production").name())
                .isEqualTo(role);
        assertThat(output).doesNotContain(role);
    }

    /** They are asked at the start, not only here. */
    @Test
    void theNodeKnowsItsOwn() {
        assertThat(ours.name()).isEqualTo("heimdex_app");
        assertThat(ours.migrates()).isFalse();
    }

    private DriverManagerDataSource as(String rights) {
        database.asOwner().sql("create role " + role + " login " + rights).update();
        return new DriverManagerDataSource(database.url(role));
    }
}
