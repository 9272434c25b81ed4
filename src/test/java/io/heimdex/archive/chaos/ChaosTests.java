package io.heimdex.archive.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.Aside;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The one-minute form of bench/chaos.sh. Workers count as dead after 4 s here, so that the minute
 * is enough.
 */
@Aside
class ChaosTests {

    /**
     * Where the next worker may have to be started first, which a busy machine takes a minute for.
     */
    private static final Duration BUSY_MACHINE = Duration.ofMinutes(3);

    private static final Plan SMALL =
            Plan.FULL.with(
                    "--workers",
                    "2",
                    "--heartbeat-s",
                    "1",
                    "--missed-heartbeats",
                    "4",
                    "--probe-ms",
                    "100");

    @Test
    void nothingIsLostOrDoneTwiceWhateverFails() throws Exception {
        Report report =
                Chaos.run(
                        SMALL.with(
                                "--assets",
                                "320",
                                "--kills",
                                "3",
                                "--terms",
                                "1",
                                "--stops",
                                "1",
                                "--db-restarts",
                                "1",
                                "--backend-kills",
                                "3",
                                "--poison",
                                "1"),
                        System.out);

        assertThat(report.faults()).as(report.line()).isEmpty();
        assertThat(report.takeoverP99()).as(report.line()).isLessThan(BUSY_MACHINE);
    }

    @Test
    void withoutItsFenceAWorkerThatWakesDoesWorkTwice() throws Exception {
        Report report =
                Chaos.run(
                        SMALL.with(
                                "--assets",
                                "80",
                                "--kills",
                                "0",
                                "--terms",
                                "0",
                                "--stops",
                                "2",
                                "--db-restarts",
                                "0",
                                "--backend-kills",
                                "0",
                                "--no-fence"),
                        System.out);

        assertThat(report.duplicates()).as(report.line()).isPositive();
        assertThat(report.faults()).anyMatch(fault -> fault.endsWith("committed twice"));
    }
}
