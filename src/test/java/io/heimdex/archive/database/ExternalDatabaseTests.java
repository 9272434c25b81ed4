package io.heimdex.archive.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalDatabaseTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db/heimdex",
                "jdbc:postgresql://db:5433/heimdex?user=app&password=hush",
                "jdbc:postgresql:heimdex"
            })
    void aJdbcUrlIsTakenAsItIs(String url) {
        ExternalDatabase database = ExternalDatabase.of(url);

        assertThat(database.getJdbcUrl()).isEqualTo(url);
        assertThat(database.getUsername()).isNull();
        assertThat(database.getPassword()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "postgresql://app:hush@db/heimdex, jdbc:postgresql://db/heimdex, app, hush",
                "postgres://app:hush@db/heimdex, jdbc:postgresql://db/heimdex, app, hush",
                "postgresql+psycopg2://app:hush@db/heimdex, jdbc:postgresql://db/heimdex, app, hush",
                "postgresql+asyncpg://app:hush@db/heimdex, jdbc:postgresql://db/heimdex, app, hush",
                "postgresql://app:hush@db:5433/heimdex, jdbc:postgresql://db:5433/heimdex, app, hush",
                "postgresql://app:hush@[::1]:5433/heimdex, jdbc:postgresql://[::1]:5433/heimdex, app, hush",
                "postgresql://app:hush@media_db:5433/heimdex, jdbc:postgresql://media_db:5433/heimdex, app, hush",
                "postgresql://app:hush@/heimdex, jdbc:postgresql://localhost/heimdex, app, hush",
                "postgresql://app@db/heimdex, jdbc:postgresql://db/heimdex, app, -",
                "postgresql://app:@db/heimdex, jdbc:postgresql://db/heimdex, app, ''",
                "postgresql://db/heimdex, jdbc:postgresql://db/heimdex, -, -",
                "postgresql:///heimdex, jdbc:postgresql://localhost/heimdex, -, -",
                "postgresql://db/heimdex?sslmode=require&ApplicationName=a%20b, jdbc:postgresql://db/heimdex?sslmode=require&ApplicationName=a%20b, -, -"
            })
    void aLibpqUrlIsTakenApart(
            String url, String jdbcUrl, @Nullable String username, @Nullable String password) {
        assertThat(ExternalDatabase.of(url))
                .isEqualTo(new ExternalDatabase(jdbcUrl, username, password));
    }

    @ParameterizedTest
    @CsvSource({
        "p%40ss,       p@ss",
        "p%3Ass,       p:ss",
        "p:ss,         p:ss",
        "p%2Fss%3F%23, p/ss?#",
        "100%25,       100%",
        "a+b,          a+b",
        "a%2Bb,        a+b",
        "a%20b,        a b",
        "a b,          a b",
        "p^ss,         p^ss",
        "p%C3%A4ss,    päss"
    })
    void usersAndPasswordsArePercentDecoded(String written, String meant) {
        ExternalDatabase database =
                ExternalDatabase.of("postgresql://us%40er:" + written + "@db/heimdex");

        assertThat(database.getUsername()).isEqualTo("us@er");
        assertThat(database.getPassword()).isEqualTo(meant);
        assertThat(database.getJdbcUrl()).isEqualTo("jdbc:postgresql://db/heimdex");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "heimdex",
                "mysql://app:hush@db/heimdex",
                "sqlite:///app-hush.db",
                "jdbc:mysql://app:hush@db/heimdex",
                "postgresql:app:hush@db/heimdex",
                "postgresql+://app:hush@db/heimdex",
                "Postgresql://app:hush@db/heimdex",
                "postgresql://app:hush%zz@db/heimdex",
                "postgresql://app:hush%@db/heimdex",
                "postgresql://app:hush/1@db/heimdex",
                "postgresql://app:hush?1@db/heimdex",
                "postgresql://app:hush#1@db/heimdex",
                "postgresql://app:hush@1@db/heimdex",
                "postgresql://app:hush@db:port/heimdex",
                "postgresql://app:9/hush@db/heimdex",
                "postgresql://app:hush@db:5432:5433/heimdex",
                "postgresql://app:hush@%2Frun%2Fpostgresql/heimdex",
                "postgresql://app:hush@d b/heimdex",
                "postgresql://app:hush@db/heimdex\n",
                "postgresql://app:hush@db/heimdex?a b",
                "postgresql://app:hush@db/heimdex#fragment"
            })
    void otherUrlsAreRefusedWithoutRepeatingThem(String url) {
        assertThatIllegalStateException()
                .isThrownBy(() -> ExternalDatabase.of(url))
                .withMessageContaining("HEIMDEX_DATABASE_URL")
                .withMessageNotContaining("hush");
    }

    @Test
    void theDatabaseDoesNotTellItsPasswordToLogs() {
        assertThat(ExternalDatabase.of("postgresql://app:hush@db/heimdex"))
                .asString()
                .doesNotContain("hush");
        assertThat(ExternalDatabase.of("jdbc:postgresql://db/heimdex?password=hush"))
                .asString()
                .doesNotContain("hush");
    }
}
