package io.heimdex.archive.quota;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.OrgId;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * Lets so many of something go on at once on this node, and so many of them of one org. Who waits
 * waits behind its own org first, so that an org which asks for much only holds up itself.
 */
public final class Turns {

    private static final String RETRY_AFTER_S = "5";

    private final ErrorCode tooManyOfOrg;
    private final Semaphore node;
    private final ToIntFunction<OrgId> perOrg;
    private final Duration patience;
    private final Map<OrgId, Places> orgs = new ConcurrentHashMap<>();

    /**
     * Turns of one kind.
     *
     * @param tooManyOfOrg what an org is told that has too many of them
     * @param onNode how many there are in all
     * @param perOrg how many of them one org may have; 0 for all
     * @param patience how long somebody waits for one
     */
    public Turns(
            ErrorCode tooManyOfOrg, int onNode, ToIntFunction<OrgId> perOrg, Duration patience) {
        this.tooManyOfOrg = tooManyOfOrg;
        this.node = new Semaphore(onNode, true);
        this.perOrg = perOrg;
        this.patience = patience;
    }

    /** One's turn; it ends when it is closed. */
    public interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** An org's places, for as long as somebody of it waits or has one. */
    private record Places(Semaphore free, int users) {

        Places withUsers(int more) {
            return new Places(free, users + more);
        }
    }

    /**
     * Takes a turn.
     *
     * @throws HeimdexException the org's own code if it has too many, or {@code
     *     service_unavailable} if the node has
     */
    public Turn take(OrgId org) {
        Semaphore own = enter(org);
        long end = System.nanoTime() + patience.toNanos();
        if (!acquire(own, end)) {
            leave(org);
            throw refusal(tooManyOfOrg);
        }
        if (!acquire(node, end)) {
            own.release();
            leave(org);
            throw refusal(ErrorCode.SERVICE_UNAVAILABLE);
        }
        return () -> {
            node.release();
            own.release();
            leave(org);
        };
    }

    /** How many orgs it knows of at the moment. */
    int orgs() {
        return orgs.size();
    }

    private Semaphore enter(OrgId org) {
        return Objects.requireNonNull(
                        orgs.compute(
                                org,
                                (_, places) ->
                                        places == null
                                                ? new Places(places(org), 1)
                                                : places.withUsers(1)))
                .free();
    }

    private Semaphore places(OrgId org) {
        int limit = perOrg.applyAsInt(org);
        return new Semaphore(limit == 0 ? Integer.MAX_VALUE : limit, true);
    }

    private void leave(OrgId org) {
        orgs.computeIfPresent(
                org, (_, places) -> places.users() == 1 ? null : places.withUsers(-1));
    }

    private static boolean acquire(Semaphore places, long end) {
        try {
            return places.tryAcquire(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static HeimdexException refusal(ErrorCode code) {
        return new HeimdexException(
                code,
                code.title() + "; try again in a moment.",
                Map.of("Retry-After", RETRY_AFTER_S));
    }
}
