package io.heimdex.archive.quota;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.OrgId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How much an org may still upload today. Days are those of UTC. */
@Repository
public class UploadBudget {

    private static final String TAKE =
            """
            insert into upload_day as d (org_id, day, bytes)
            select :org, (now() at time zone 'UTC')::date, :bytes where :bytes <= :limit
            on conflict (org_id, day) do update
                set bytes = d.bytes + excluded.bytes where d.bytes + excluded.bytes <= :limit
            """;

    private static final String GIVE_BACK =
            """
            update upload_day set bytes = greatest(0, bytes - :bytes)
            where org_id = :org and day = (now() at time zone 'UTC')::date
            """;

    private static final String TODAY =
            """
            select bytes from upload_day
            where org_id = :org and day = (now() at time zone 'UTC')::date
            """;

    private final JdbcClient jdbc;
    private final Quotas quotas;
    private final Clock clock;

    UploadBudget(JdbcClient jdbc, Quotas quotas, Clock clock) {
        this.jdbc = jdbc;
        this.quotas = quotas;
        this.clock = clock;
    }

    /**
     * Makes sure that the org may still upload so much today, and counts nothing.
     *
     * @throws HeimdexException {@code upload_quota_exceeded}
     */
    public void require(OrgId org, long bytes) {
        long limit = quotas.of(org).uploadedPerDay();
        if (limit == 0) {
            return;
        }
        long today =
                jdbc.sql(TODAY).param("org", org.value()).query(Long.class).optional().orElse(0L);
        if (bytes > limit - today) {
            throw exceeded(limit);
        }
    }

    /**
     * Counts bytes, all or none of them.
     *
     * @throws HeimdexException {@code upload_quota_exceeded}
     */
    public void take(OrgId org, long bytes) {
        long limit = quotas.of(org).uploadedPerDay();
        if (limit == 0) {
            return;
        }
        int counted =
                jdbc.sql(TAKE)
                        .param("org", org.value())
                        .param("bytes", bytes)
                        .param("limit", limit)
                        .update();
        if (counted == 0) {
            throw exceeded(limit);
        }
    }

    /** Bytes that were counted and never came. */
    public void giveBack(OrgId org, long bytes) {
        if (bytes > 0 && quotas.of(org).uploadedPerDay() > 0) {
            jdbc.sql(GIVE_BACK).param("org", org.value()).param("bytes", bytes).update();
        }
    }

    private HeimdexException exceeded(long limit) {
        Instant now = clock.instant();
        Instant tomorrow = now.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
        String wait = Long.toString(Duration.between(now, tomorrow).toSeconds() + 1);
        return new HeimdexException(
                ErrorCode.UPLOAD_QUOTA_EXCEEDED,
                "The organisation may upload " + limit + " bytes a day; go on tomorrow, in UTC.",
                Map.of(
                        "Retry-After",
                        wait,
                        "RateLimit-Policy",
                        "\"uploads\";q=" + limit + ";qu=\"content-bytes\";w=86400",
                        "RateLimit",
                        "\"uploads\";r=0;t=" + wait));
    }
}
