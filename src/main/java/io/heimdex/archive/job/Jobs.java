package io.heimdex.archive.job;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.Sha256;
import io.heimdex.archive.telemetry.Trail;
import io.heimdex.archive.tenancy.OrgId;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** What was asked for, and how it is getting on. */
@Repository
public class Jobs {

    private static final String FREE_OLD_KEY =
            """
            update job set idempotency_key = null
            where org_id = :org and idempotency_key = :key and requested_at < now() - interval '24 hours'
            """;

    private static final String INSERT =
            """
            insert into job (org_id, job_id, type, asset_id, spec, requested_by, idempotency_key, request_fingerprint,
                             total, config, trace_parent)
            values (:org, :job, :type, :asset, :spec::jsonb, :user, :key, :fingerprint, :total, :config, :trace)
            on conflict (org_id, idempotency_key) where idempotency_key is not null do nothing
            """;

    private static final String INSERT_ITEMS =
            """
            insert into job_item (org_id, job_id, seq, asset_id)
            select :org, :job, i.seq, i.asset_id
            from unnest(:assets) with ordinality as i (asset_id, seq)
            """;

    private static final String FIND_BY_KEY =
            "select job_id, request_fingerprint from job where org_id = :org and idempotency_key = :key";

    private static final String FIND =
            """
            select s.*, now() as now,
                   coalesce(j.earlier_mark_at, s.start_time at time zone 'UTC') as rate_from,
                   j.earlier_mark_done as rate_from_done, j.attempt_done, j.unchanged, j.missing,
                   (select count(*) from batch_job_execution a
                    where a.job_instance_id = s.job_instance_id) as attempt,
                   f.code as failure_code, f.message as failure_message,
                   array(select '/v1/assets/' || t.asset_id || '/thumbnails/' || t.idx from thumbnail t
                         where t.org_id = s.org_id and t.asset_id = s.asset_id order by t.idx) as thumbnails,
                   (select count(distinct w.worker)
                    from (select picked_by as worker from scheduled_tasks
                          where task_name = 'launch-job' and task_instance = s.job_id::text and picked
                          union all
                          select picked_by from scheduled_bulk_tasks
                          where task_name = 'launch-job' and task_instance = s.job_id::text and picked
                          union all
                          select worker from running_partition where job_execution_id = s.job_execution_id) w
                    where s.state = 'running') as workers
            from job_state s
            join job j on j.org_id = s.org_id and j.job_id = s.job_id
            left join job_item f
                on s.asset_id is not null and f.org_id = s.org_id and f.job_id = s.job_id
                and f.seq = 1 and f.outcome = 'failed'
            where s.org_id = :org and s.job_id = :job
            """;

    private static final String UNFINISHED =
            """
            select job_id from job_state
            where org_id = :org and config = :config and state in ('queued', 'running')
            order by requested_at desc
            limit 1
            """;

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final JdbcClient jdbc;
    private final WorkQueue queue;
    private final Admission admission;
    private final Trail trail;

    Jobs(JdbcClient jdbc, WorkQueue queue, Admission admission, Trail trail) {
        this.jdbc = jdbc;
        this.queue = queue;
        this.admission = admission;
        this.trail = trail;
    }

    /**
     * Records the request and queues its launch, both in the caller's transaction; a worker on this
     * node starts at once when that commits.
     *
     * @return the job, or the one that an earlier request with the same idempotency key made
     * @throws HeimdexException {@code queue_full}, {@code job_quota_exceeded} or an idempotency
     *     code
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Submission submit(JobRequest request) {
        JobId id = JobId.random();
        String fingerprint = fingerprint(request);
        if (insert(id, request, fingerprint) == 0) {
            return new Submission(earlier(request, fingerprint), false);
        }
        Lane lane = Lane.of(request.subject() != null);
        admission.requireQuota(lane, request.org());
        if (lane == Lane.SINGLE) {
            admission.requireRoom(request.org());
        }
        jdbc.sql(INSERT_ITEMS)
                .param("org", request.org().value())
                .param("job", id.value())
                .param(
                        "assets",
                        request.assets().stream().map(AssetId::value).toArray(String[]::new))
                .update();
        queue.add(lane, request.org(), List.of(id.toString()));
        return new Submission(id, true);
    }

    /**
     * Which job a request led to.
     *
     * @param isNew whether this very request made it
     */
    public record Submission(JobId job, boolean isNew) {}

    /** The org's job of this named run that has not ended, if there is one. */
    public Optional<JobId> unfinished(OrgId org, String config) {
        return jdbc.sql(UNFINISHED)
                .param("org", org.value())
                .param("config", config)
                .query(UUID.class)
                .optional()
                .map(JobId::new);
    }

    /** Lets no other transaction ask for the same named run of the org until this one ends. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void lockConfig(OrgId org, String config) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:name, 0))")
                .param("name", org.value() + "\n" + config)
                .query((_, _) -> true)
                .single();
    }

    /** The place of a job in a list. */
    public record Position(Instant requestedAt, UUID jobId) {}

    /** The job, if the org has it. */
    public Optional<JobView> find(OrgId org, JobId id) {
        return jdbc.sql(FIND)
                .param("org", org.value())
                .param("job", id.value())
                .query(new JobViewMapper())
                .optional();
    }

    public boolean exists(OrgId org, JobId id) {
        return jdbc.sql("select exists (select from job where org_id = :org and job_id = :job)")
                .param("org", org.value())
                .param("job", id.value())
                .query(Boolean.class)
                .single();
    }

    /**
     * The org's jobs that fit the filter, newest first.
     *
     * @param after where the page before ended, {@code null} for the first page
     */
    public List<JobRow> list(OrgId org, JobFilter filter, @Nullable Position after, int limit) {
        return jdbc.sql(JobListQuery.of(filter, after != null))
                .param("org", org.value())
                .param("type", filter.type())
                .param("state", filter.status() == null ? null : filter.status().wireName())
                .param("asset", filter.assetId())
                .param("since", timestamp(filter.since()))
                .param("lastTime", timestamp(after == null ? null : after.requestedAt()))
                .param("lastJob", after == null ? null : after.jobId())
                .param("limit", limit)
                .query((row, _) ->
                        new JobRow(
                                row.getObject("job_id", UUID.class),
                                row.getString("type"),
                                row.getString("asset_id"),
                                row.getString("config"),
                                JobView.Status.of(row.getString("state")),
                                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                                row.getLong("total"),
                                row.getLong("done"),
                                row.getLong("failed")))
                .list();
    }

    private static @Nullable OffsetDateTime timestamp(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private int insert(JobId id, JobRequest request, String fingerprint) {
        try {
            if (request.idempotencyKey() == null) {
                return insertRow(id, request, fingerprint);
            }
            jdbc.sql("set local lock_timeout = '2s'").update();
            jdbc.sql(FREE_OLD_KEY)
                    .param("org", request.org().value())
                    .param("key", request.idempotencyKey())
                    .update();
            int inserted = insertRow(id, request, fingerprint);
            jdbc.sql("set local lock_timeout = default").update();
            return inserted;
        } catch (DataAccessException e) {
            if (!lockNotAvailable(e)) {
                throw e;
            }
            throw new HeimdexException(
                    ErrorCode.IDEMPOTENCY_IN_PROGRESS,
                    "The first request with this Idempotency-Key has not ended; ask again in a second.",
                    Map.of("Retry-After", "1"));
        }
    }

    private int insertRow(JobId id, JobRequest request, String fingerprint) {
        return jdbc.sql(INSERT)
                .param("org", request.org().value())
                .param("job", id.value())
                .param("type", request.type())
                .param("asset", text(request.subject()))
                .param("spec", request.spec())
                .param("user", request.requestedBy())
                .param("key", request.idempotencyKey())
                .param("fingerprint", fingerprint)
                .param("total", request.assets().size())
                .param("config", request.config())
                .param("trace", trail.here())
                .update();
    }

    /** Spring knows no exception of its own for PostgreSQL's lock_timeout. */
    private static boolean lockNotAvailable(DataAccessException e) {
        return e.getRootCause() instanceof SQLException sql
                && LOCK_NOT_AVAILABLE.equals(sql.getSQLState());
    }

    private JobId earlier(JobRequest request, String fingerprint) {
        record Earlier(UUID jobId, String requestFingerprint) {}
        Earlier earlier =
                jdbc.sql(FIND_BY_KEY)
                        .param("org", request.org().value())
                        .param("key", request.idempotencyKey())
                        .query(Earlier.class)
                        .single();
        if (!earlier.requestFingerprint().equals(fingerprint)) {
            throw new HeimdexException(
                    ErrorCode.IDEMPOTENCY_CONFLICT,
                    "The Idempotency-Key was used for another request; take a new key for a new request.");
        }
        return new JobId(earlier.jobId());
    }

    private static String fingerprint(JobRequest request) {
        String text = request.type() + "\n" + text(request.subject()) + "\n" + request.spec();
        if (request.config() != null) {
            text += "\n" + request.config();
        }
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String text(@Nullable AssetId id) {
        return id == null ? null : id.value();
    }
}
