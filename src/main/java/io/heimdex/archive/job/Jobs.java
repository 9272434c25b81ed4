package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

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
                             total)
            values (:org, :job, :type, :asset, :spec::jsonb, :user, :key, :fingerprint, :total)
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
            select j.job_id, j.type, j.asset_id, j.requested_at, j.total, j.done, j.failed,
                   e.job_instance_id, e.job_execution_id, e.status, e.exit_code, e.start_time, e.end_time,
                   (select count(*) from batch_job_execution a where a.job_instance_id = e.job_instance_id) as attempt,
                   t.picked,
                   f.code as failure_code, f.message as failure_message
            from job j
            left join batch_job_execution e on e.job_execution_id = j.job_execution_id
            left join scheduled_tasks t on t.task_name = :task and t.task_instance = j.job_id::text
            left join job_item f
                on j.asset_id is not null and f.org_id = j.org_id and f.job_id = j.job_id and f.seq = 1
                and f.outcome = 'failed'
            where j.org_id = :org and j.job_id = :job
            """;

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final JdbcClient jdbc;
    private final Scheduler scheduler;
    private final Clock clock;

    Jobs(JdbcClient jdbc, Scheduler scheduler, Clock clock) {
        this.jdbc = jdbc;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /**
     * Records the request and queues its launch, both in the caller's transaction; a worker on this
     * node starts at once when that commits.
     *
     * @return the job, or the one that an earlier request with the same idempotency key made
     * @throws HeimdexException {@code idempotency_conflict} or {@code idempotency_in_progress}
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Submission submit(JobRequest request) {
        JobId id = JobId.random();
        String fingerprint = fingerprint(request);
        if (insert(id, request, fingerprint) == 0) {
            return new Submission(earlier(request, fingerprint), false);
        }
        jdbc.sql(INSERT_ITEMS)
                .param("org", request.org().value())
                .param("job", id.value())
                .param(
                        "assets",
                        request.assets().stream().map(AssetId::value).toArray(String[]::new))
                .update();
        scheduler.schedule(LaunchTask.instance(id), clock.instant());
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        scheduler.triggerCheckForDueExecutions();
                    }
                });
        return new Submission(id, true);
    }

    /**
     * Which job a request led to.
     *
     * @param isNew whether this very request made it
     */
    public record Submission(JobId job, boolean isNew) {}

    /** The job, if the org has it. */
    public Optional<JobView> find(OrgId org, JobId id) {
        return jdbc.sql(FIND)
                .param("org", org.value())
                .param("job", id.value())
                .param("task", LaunchTask.NAME)
                .query(new JobViewMapper(clock))
                .optional();
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
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static @Nullable String text(@Nullable AssetId id) {
        return id == null ? null : id.value();
    }
}
