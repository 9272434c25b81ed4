package io.heimdex.archive.job;

import com.fasterxml.jackson.annotation.JsonValue;
import io.heimdex.archive.job.JobView.Status;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.problem.SnakeCase;
import io.heimdex.archive.tenancy.Caller;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.launch.JobExecutionAlreadyRunningException;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What operators do to jobs. Each call locks the job's row, so of many at once exactly one finds it
 * in the state that it needs. A refusal is recorded like everything else, and so does not roll
 * back.
 */
@Component
public class JobControl {

    private static final String STATE =
            """
            select asset_id, state, abandoned_at is not null as abandoned, job_execution_id, failed,
                   batch_status is distinct from 'COMPLETED' and exit_code is distinct from 'ITEM_FAILED'
                       as unfinished
            from job_state
            where org_id = :org and job_id = :job
            """;

    private final JdbcClient jdbc;
    private final JobItems items;
    private final AuditLog audit;
    private final WorkQueue queue;
    private final JobOperator operator;
    private final JobRepository repository;

    JobControl(
            JdbcClient jdbc,
            JobItems items,
            AuditLog audit,
            WorkQueue queue,
            JobOperator operator,
            JobRepository repository) {
        this.jdbc = jdbc;
        this.items = items;
        this.audit = audit;
        this.queue = queue;
        this.operator = operator;
        this.repository = repository;
    }

    /** What a restart does again. */
    public enum Only {
        /** The failed assets, and those that were never reached. */
        FAILED_ITEMS,
        /** Only the assets that were never reached. */
        UNFINISHED;

        /** The name in requests. */
        @JsonValue
        public String wireName() {
            return SnakeCase.of(this);
        }
    }

    private record State(
            @Nullable String assetId,
            String state,
            boolean abandoned,
            @Nullable Long jobExecutionId,
            long failed,
            boolean unfinished) {

        boolean ended() {
            return Status.of(state).ended();
        }
    }

    /**
     * Starts the next attempt of an ended job.
     *
     * @throws HeimdexException {@code job_not_found}, {@code job_running} or {@code
     *     job_not_restartable}
     */
    @Transactional(noRollbackFor = HeimdexException.class)
    public void restart(Caller caller, JobId job, Only only) {
        State state = lock(caller, job);
        if (!state.ended()) {
            throw refused(caller, "restart", job, ErrorCode.JOB_RUNNING, "It has not ended yet.");
        }
        boolean work = state.unfinished() || (only == Only.FAILED_ITEMS && state.failed() > 0);
        if (state.abandoned() || !work) {
            throw refused(
                    caller,
                    "restart",
                    job,
                    ErrorCode.JOB_NOT_RESTARTABLE,
                    state.abandoned()
                            ? "It was abandoned; ask for a new job."
                            : "All its assets have ended; none is left for this restart.");
        }
        if (only == Only.FAILED_ITEMS) {
            items.reopenFailed(new JobScope(caller.org(), job));
        }
        update(
                caller,
                job,
                "update job set stop_requested_at = null, stop_code = null, restart_of = job_execution_id");
        queue.add(Lane.of(state.assetId() != null), caller.org(), List.of(job.toString()));
        audit.add(caller, "restart", job, null);
    }

    /**
     * Asks the job's worker to let go of it.
     *
     * @throws HeimdexException {@code job_not_found} or {@code job_not_running}
     */
    @Transactional(noRollbackFor = HeimdexException.class)
    public void stop(Caller caller, JobId job) {
        if (lock(caller, job).ended()) {
            throw refused(caller, "stop", job, ErrorCode.JOB_NOT_RUNNING, "It has ended.");
        }
        update(
                caller,
                job,
                "update job set stop_requested_at = coalesce(stop_requested_at, now())");
        audit.add(caller, "stop", job, null);
    }

    /**
     * Makes sure that a stopped or failed job is never restarted.
     *
     * @throws HeimdexException {@code job_not_found}, {@code job_running} or {@code
     *     job_not_restartable}
     */
    @Transactional(noRollbackFor = HeimdexException.class)
    public void abandon(Caller caller, JobId job) {
        State state = lock(caller, job);
        if (!state.ended()) {
            throw refused(caller, "abandon", job, ErrorCode.JOB_RUNNING, "Stop it first.");
        }
        if (Status.of(state.state()) == Status.SUCCEEDED || state.abandoned()) {
            throw refused(
                    caller,
                    "abandon",
                    job,
                    ErrorCode.JOB_NOT_RESTARTABLE,
                    "It is neither stopped nor failed, or was abandoned before.");
        }
        update(caller, job, "update job set abandoned_at = now()");
        if (state.jobExecutionId() != null) {
            abandonExecution(state.jobExecutionId());
        }
        audit.add(caller, "abandon", job, null);
    }

    private void abandonExecution(long id) {
        JobExecution execution = Objects.requireNonNull(repository.getJobExecution(id));
        try {
            operator.abandon(execution);
        } catch (JobExecutionAlreadyRunningException e) {
            throw new IllegalStateException("job execution " + id + " runs without a launch", e);
        }
    }

    private State lock(Caller caller, JobId job) {
        Optional<String> found =
                jdbc.sql("select type from job where org_id = :org and job_id = :job for update")
                        .param("org", caller.org().value())
                        .param("job", job.value())
                        .query(String.class)
                        .optional();
        if (found.isEmpty()) {
            throw new HeimdexException(ErrorCode.JOB_NOT_FOUND, "There is no job with this id.");
        }
        return jdbc.sql(STATE)
                .param("org", caller.org().value())
                .param("job", job.value())
                .query(State.class)
                .single();
    }

    private HeimdexException refused(
            Caller caller, String action, JobId job, ErrorCode code, String why) {
        audit.add(caller, action, job, code);
        return new HeimdexException(code, "The job cannot be changed this way: " + why);
    }

    private void update(Caller caller, JobId job, String set) {
        jdbc.sql(set + " where org_id = :org and job_id = :job")
                .param("org", caller.org().value())
                .param("job", job.value())
                .update();
    }
}
