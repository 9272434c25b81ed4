package io.heimdex.archive.quota;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.OrgId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How many assets an org may still have. */
@Repository
public class AssetBudget {

    private static final String COUNT =
            "select coalesce(sum(delta), 0)::bigint from asset_count where org_id = :org";

    /** Nobody waits for it: rows that come meanwhile stay as they are. */
    private static final String FOLD =
            """
            with many as (select org_id from asset_count group by org_id having count(*) > :rows),
                 gone as (delete from asset_count where org_id in (select org_id from many)
                          returning org_id, delta)
            insert into asset_count (org_id, delta) select org_id, sum(delta) from gone group by org_id
            """;

    private static final int ROWS = 20;

    private static final long LATELY_NANOS = 1_000_000_000;

    private final JdbcClient jdbc;
    private final Quotas quotas;

    /** Of orgs with an archive only. */
    private final Map<OrgId, Look> looks = new ConcurrentHashMap<>();

    private record Look(boolean exhausted, long at) {}

    AssetBudget(JdbcClient jdbc, Quotas quotas) {
        this.jdbc = jdbc;
        this.quotas = quotas;
    }

    /** Whether the org may have no more assets than it has. */
    public boolean exhausted(OrgId org) {
        long limit = quotas.of(org).assets();
        return limit > 0 && count(org) >= limit;
    }

    /** As it was a moment ago, for who asks about every file of an archive. */
    public boolean exhaustedLately(OrgId org) {
        Look look = looks.get(org);
        if (look == null || System.nanoTime() - look.at() > LATELY_NANOS) {
            look = new Look(exhausted(org), System.nanoTime());
            looks.put(org, look);
        }
        return look.exhausted();
    }

    /** What an org is told that may have no more. */
    public HeimdexException refusal(OrgId org) {
        return new HeimdexException(
                ErrorCode.ASSET_QUOTA_EXCEEDED,
                "The organisation may have "
                        + quotas.of(org).assets()
                        + " assets and has them; delete some.",
                Map.of("Retry-After", "60"));
    }

    long count(OrgId org) {
        return jdbc.sql(COUNT).param("org", org.value()).query(Long.class).single();
    }

    /** Makes one row of many. */
    void fold() {
        jdbc.sql(FOLD).param("rows", ROWS).update();
    }
}
