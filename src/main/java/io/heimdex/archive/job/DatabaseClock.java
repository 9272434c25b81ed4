package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Objects;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The database's time, by which every node judges whether another one is alive: the node's own
 * clock, corrected by what it was off when it was last compared.
 */
final class DatabaseClock implements Clock {

    private static final Logger log = LoggerFactory.getLogger(DatabaseClock.class);
    private static final Duration COMPARED_EVERY = Duration.ofMinutes(1);

    private final JdbcTemplate jdbc;
    private final InstantSource own;
    private Duration correction = Duration.ZERO;
    private long comparedAt = System.nanoTime() - COMPARED_EVERY.toNanos();

    DatabaseClock(DataSource dataSource, InstantSource own) {
        this.own = own;
        this.jdbc = new JdbcTemplate(dataSource);
    }

    @Override
    public synchronized Instant now() {
        if (System.nanoTime() - comparedAt >= COMPARED_EVERY.toNanos()) {
            compare();
        }
        return own.instant().plus(correction);
    }

    private void compare() {
        Instant before = own.instant();
        try {
            OffsetDateTime there =
                    jdbc.queryForObject("select clock_timestamp()", OffsetDateTime.class);
            Duration roundTrip = Duration.between(before, own.instant());
            Instant here = before.plus(roundTrip.dividedBy(2));
            correction = Duration.between(here, Objects.requireNonNull(there).toInstant());
        } catch (DataAccessException e) {
            log.warn("the clock could not be compared with the database's", e);
        }
        comparedAt = System.nanoTime();
    }
}
