package io.heimdex.archive.job;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.quota.Quotas;
import io.heimdex.archive.telemetry.Measure;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Reach;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Turns jobs away that would wait too long, so that clients hear of it before they wait. */
@Component
class Admission {

    /** Waits beyond this many times the longest one are not told apart. */
    private static final int COUNTED = 4;

    /** How long the latest jobs about one asset took, in seconds, and how many run right now. */
    private static final String PACE =
            """
            select coalesce(avg(extract(epoch from e.end_time - e.create_time)), 0)::float8 as seconds,
                   (select count(*) from scheduled_tasks where picked and task_name = 'launch-job') as running
            from (select job_execution_id, create_time, end_time from batch_job_execution
                  order by job_execution_id desc limit 200) e
            join job j on j.job_execution_id = e.job_execution_id and j.asset_id is not null
            where e.end_time >= e.create_time
            """;

    private final JdbcClient jdbc;
    private final WorkQueue queue;
    private final Quotas quotas;
    private final Duration maxWait;
    private final Counter refused;

    Admission(
            JdbcClient jdbc,
            WorkQueue queue,
            Quotas quotas,
            JobSettings settings,
            MeterRegistry meters) {
        this.jdbc = jdbc;
        this.queue = queue;
        this.quotas = quotas;
        this.maxWait = settings.maxWait();
        this.refused = Measure.REFUSALS.counter(meters, ErrorCode.QUEUE_FULL.code());
    }

    private record Pace(double seconds, long running) {

        /** While jobs wait, as many run as the workers can. */
        double perSecond() {
            return Math.max(1, running) / seconds;
        }
    }

    /**
     * Makes sure that the org may have one more job waiting.
     *
     * @throws HeimdexException {@code job_quota_exceeded}
     */
    void requireQuota(Lane lane, OrgId org) {
        int limit = quotas.of(org).queuedJobs();
        if (limit > 0 && queue.full(lane, org, limit)) {
            throw new HeimdexException(
                    ErrorCode.JOB_QUOTA_EXCEEDED,
                    "The organisation may have " + limit + " jobs waiting; ask again later.",
                    Map.of("Retry-After", "60"));
        }
    }

    /**
     * Makes sure that a job about one asset would start in time.
     *
     * @throws HeimdexException {@code queue_full}, with the time after which it would
     */
    void requireRoom(OrgId org) {
        // How fast all orgs' jobs went.
        Pace pace = Reach.ofService(() -> jdbc.sql(PACE).query(Pace.class).single());
        if (pace.seconds() <= 0) {
            return;
        }
        double enough = COUNTED * maxWait.toSeconds() * pace.perSecond();
        int ahead = queue.ahead(Lane.SINGLE, org, (int) Math.min(Integer.MAX_VALUE, enough));
        double wait = ahead / pace.perSecond();
        if (wait > maxWait.toSeconds()) {
            refused.increment();
            long later = (long) Math.ceil(wait - maxWait.toSeconds());
            throw new HeimdexException(
                    ErrorCode.QUEUE_FULL,
                    "The job would wait for more than %d s; ask again in %d s."
                            .formatted(maxWait.toSeconds(), later),
                    Map.of("Retry-After", Long.toString(later)));
        }
    }
}
