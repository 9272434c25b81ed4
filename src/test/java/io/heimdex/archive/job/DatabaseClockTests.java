package io.heimdex.archive.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heimdex.archive.ServiceTest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@ServiceTest
class DatabaseClockTests {

    @Autowired DataSource dataSource;

    @Test
    void aNodeWhoseClockIsWrongKeepsTheDatabasesTime() {
        InstantSource wrong = () -> Instant.now().minus(Duration.ofHours(3));

        assertThat(new DatabaseClock(dataSource, wrong).now())
                .isCloseTo(Instant.now(), within(2, ChronoUnit.SECONDS));
    }
}
