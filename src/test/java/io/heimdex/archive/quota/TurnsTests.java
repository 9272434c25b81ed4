package io.heimdex.archive.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.quota.Turns.Turn;
import io.heimdex.archive.tenancy.OrgId;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** So many at once. */
class TurnsTests {

    private static final OrgId ACME = new OrgId("acme");
    private static final OrgId OTHER = new OrgId("other");

    @Test
    void anOrgHasItsOwnAndTheNodeHasAll() {
        Turns turns = new Turns(ErrorCode.TOO_MANY_UPLOADS, 3, _ -> 2, Duration.ZERO);
        Turn first = turns.take(ACME);
        turns.take(ACME);
        assertRefused(ErrorCode.TOO_MANY_UPLOADS, turns, ACME);
        turns.take(OTHER);
        assertRefused(ErrorCode.SERVICE_UNAVAILABLE, turns, OTHER);

        first.close();

        turns.take(OTHER);
    }

    @Test
    void whoIsRefusedTakesNothing() {
        Turns turns = new Turns(ErrorCode.TOO_MANY_UPLOADS, 1, _ -> 1, Duration.ZERO);
        Turn held = turns.take(ACME);
        for (int i = 0; i < 10; i++) {
            assertRefused(ErrorCode.TOO_MANY_UPLOADS, turns, ACME);
            assertRefused(ErrorCode.SERVICE_UNAVAILABLE, turns, OTHER);
        }
        held.close();

        turns.take(ACME).close();
        turns.take(OTHER).close();
        assertThat(turns.orgs()).isZero();
    }

    @Test
    void whoWaitsGetsItsTurn() {
        Turns turns = new Turns(ErrorCode.TOO_MANY_COMMITS, 1, _ -> 1, Duration.ofMinutes(1));
        Turn held = turns.take(ACME);
        CountDownLatch done = new CountDownLatch(2);
        for (OrgId org : new OrgId[] {ACME, OTHER}) {
            Thread.ofVirtual()
                    .start(() -> {
                        turns.take(org).close();
                        done.countDown();
                    });
        }
        assertThat(done.getCount()).isEqualTo(2);

        held.close();

        await().atMost(Duration.ofSeconds(30)).until(() -> done.getCount() == 0);
        await().until(() -> turns.orgs() == 0);
    }

    private static void assertRefused(ErrorCode code, Turns turns, OrgId org) {
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> turns.take(org).close())
                .extracting(HeimdexException::code)
                .isEqualTo(code);
    }
}
