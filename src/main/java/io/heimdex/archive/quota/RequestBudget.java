package io.heimdex.archive.quota;

import io.heimdex.archive.tenancy.OrgId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.TransactionException;

/**
 * How many requests an org may still send: a bucket of tokens that fills up with time, one for all
 * nodes. A node takes many tokens at once, so that next to no request waits for the database, and
 * remembers for how long there are none.
 */
@Repository
public class RequestBudget {

    private static final Logger log = LoggerFactory.getLogger(RequestBudget.class);

    private static final int SECONDS = 60;

    /** A node takes this part of a bucket at once. */
    private static final int PARTS = 100;

    private static final int MOST_AT_ONCE = 1_000;

    /** Orgs that a node remembers; those beyond lose the tokens that it has of them. */
    private static final int REMEMBERED = 10_000;

    private static final long WITHOUT_DATABASE_NANOS = 1_000_000_000;

    private static final String FILLED =
            """
            least(:capacity, b.tokens
                + greatest(0, extract(epoch from statement_timestamp() - b.counted_at)) * :capacity / 60)
            """;

    /** As many whole tokens as are wanted and there are. */
    private static final String TAKE =
            """
            insert into request_budget as b (org_id, tokens, taken, counted_at)
            values (:org, :capacity - :wanted, :wanted, statement_timestamp())
            on conflict (org_id) do update
                set taken = least(:wanted, floor({filled})),
                    tokens = {filled} - least(:wanted, floor({filled})),
                    counted_at = greatest(b.counted_at, statement_timestamp())
            returning taken, tokens
            """
                    .replace("{filled}", FILLED.strip());

    private final JdbcClient jdbc;
    private final Quotas quotas;

    private final Map<OrgId, Purse> purses =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<OrgId, Purse> eldest) {
                    return size() > REMEMBERED;
                }
            };

    RequestBudget(JdbcClient jdbc, Quotas quotas) {
        this.jdbc = jdbc;
        this.quotas = quotas;
    }

    /**
     * What came of a request, and what is left.
     *
     * @param granted whether it may go on
     * @param quota how many there are in a minute; 0 for no limit
     * @param left how many there are left at least
     * @param seconds until there is one, or until there are all of them
     */
    public record Standing(boolean granted, int quota, long left, long seconds) {}

    /** Counts one request of the org. It is called with the org's reach. */
    public Standing take(OrgId org) {
        int quota = quotas.of(org).requestsPerMinute();
        if (quota == 0) {
            return new Standing(true, 0, 0, 0);
        }
        Purse purse;
        synchronized (purses) {
            purse = purses.computeIfAbsent(org, _ -> new Purse());
        }
        // Who comes meanwhile waits for the one answer of the database.
        synchronized (purse) {
            return purse.pay(org, quota);
        }
    }

    private record Taken(int taken, double tokens) {}

    private Taken fetch(OrgId org, int quota) {
        return jdbc.sql(TAKE)
                .param("org", org.value())
                .param("capacity", (double) quota)
                .param("wanted", Math.clamp(quota / PARTS, 1, MOST_AT_ONCE))
                .query(Taken.class)
                .single();
    }

    /** What this node has of an org's tokens. */
    private final class Purse {

        private long here;
        private double there;
        private long notBefore = System.nanoTime();

        Standing pay(OrgId org, int quota) {
            if (here == 0 && System.nanoTime() - notBefore >= 0) {
                fill(org, quota);
            }
            if (here > 0) {
                here--;
                double left = Math.min(quota, here + there);
                return new Standing(true, quota, (long) left, seconds(quota - left, quota));
            }
            if (there < 0) {
                return new Standing(true, quota, 0, 1);
            }
            double wait = Math.max(0, notBefore - System.nanoTime()) / 1e9;
            return new Standing(false, quota, 0, Math.max(1, (long) Math.ceil(wait)));
        }

        /** What the limit is for is that nobody goes short; without a database all do anyway. */
        private void fill(OrgId org, int quota) {
            try {
                Taken taken = fetch(org, quota);
                here = taken.taken();
                there = taken.tokens();
                if (here == 0) {
                    notBefore = System.nanoTime() + (long) ((1 - there) * SECONDS * 1e9 / quota);
                }
            } catch (DataAccessException | TransactionException e) {
                log.warn("requests of org {} are not counted for a moment", org, e);
                there = -1;
                notBefore = System.nanoTime() + WITHOUT_DATABASE_NANOS;
            }
        }

        private static long seconds(double tokens, int quota) {
            return (long) Math.ceil(tokens * SECONDS / quota);
        }
    }
}
