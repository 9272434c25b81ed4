package io.heimdex.archive.job;

import io.heimdex.archive.job.JobView.Status;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.telemetry.Trail;
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

    private static final String NOT_ENDED = "It has not ended yet.";
    private static final String ABANDONED = "It was abandoned; ask for a new job.";

    private static final String STATE =
            """
            select asset_id, state, abandoned_at is not null as abandoned, job_execution_id, total - done as open, failed,
                   batch_status is distinct from 'COMPLETED' and exit_code is distinct from 'ITEM_FAILED'
                       as unfinished
            from job_state
            where org_id = :org and job_id = :job
            """;

    private static final String RESTART =
            """
            update job set stop_requested_at = null, stop_code = null, restart_of = job_execution_id,
                trace_parent = :trace
            where org_id = :org and job_id = :job
            """;

    private final JdbcClient jdbc;
    private final JobItems items;
    private final JobFailures failures;
    private final AuditLog audit;
    private final WorkQueue queue;
    private final JobOperator operator;
    private final JobRepository repository;
    private final Trail trail;

    JobControl(
            JdbcClient jdbc,
            JobItems items,
            JobFailures failures,
            AuditLog audit,
            WorkQueue queue,
            JobOperator operator,
            JobRepository repository,
            Trail trail) {
        this.jdbc = jdbc;
        this.items = items;
        this.failures = failures;
        this.audit = audit;
        this.queue = queue;
        this.operator = operator;
        this.repository = repository;
        this.trail = trail;
    }

    private record State(
            @Nullable String assetId,
            String state,
            boolean abandoned,
            @Nullable Long jobExecutionId,
            long open,
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
    public void restart(Caller caller, JobId job, Redo redo) {
        JobScope scope = new JobScope(caller.org(), job);
        State state = lock(caller, "restart", job);
        if (!state.ended()) {
            throw refused(caller, "restart", job, ErrorCode.JOB_RUNNING, NOT_ENDED);
        }
        boolean work = state.unfinished() || failures.any(scope, redo);
        if (state.abandoned() || !work) {
            throw refused(
                    caller,
                    "restart",
                    job,
                    ErrorCode.JOB_NOT_RESTARTABLE,
                    state.abandoned()
                            ? ABANDONED
                            : "All its assets have ended; none is left for this restart.");
        }
        items.reopen(scope, redo);
        jdbc.sql(RESTART)
                .param("org", caller.org().value())
                .param("job", job.value())
                .param("trace", trail.here())
                .update();
        queue.add(Lane.of(state.assetId() != null), caller.org(), List.of(job.toString()));
        audit.add(caller, "restart", job, null);
    }

    /**
     * What a restart would do now. Nothing is done, so nothing is recorded either.
     *
     * @throws HeimdexException {@code job_not_found}, {@code job_running}, or {@code
     *     job_not_restartable} if it was abandoned
     */
    @Transactional(readOnly = true)
    public JobFailures.Preview preview(Caller caller, JobId job, Redo redo) {
        State state = state(caller, job).orElseThrow(JobControl::notFound);
        if (!state.ended()) {
            throw refusal(ErrorCode.JOB_RUNNING, NOT_ENDED);
        }
        if (state.abandoned()) {
            throw refusal(ErrorCode.JOB_NOT_RESTARTABLE, ABANDONED);
        }
        return failures.preview(
                new JobScope(caller.org(), job), redo, state.open(), state.failed());
    }

    /**
     * Asks the job's worker to let go of it.
     *
     * @throws HeimdexException {@code job_not_found} or {@code job_not_running}
     */
    @Transactional(noRollbackFor = HeimdexException.class)
    public void stop(Caller caller, JobId job) {
        if (lock(caller, "stop", job).ended()) {
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
        State state = lock(caller, "abandon", job);
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

    private State lock(Caller caller, String action, JobId job) {
        Optional<String> found =
                jdbc.sql("select type from job where org_id = :org and job_id = :job for update")
                        .param("org", caller.org().value())
                        .param("job", job.value())
                        .query(String.class)
                        .optional();
        if (found.isEmpty()) {
            audit.add(caller, action, job, ErrorCode.JOB_NOT_FOUND);
            throw notFound();
        }
        return state(caller, job).orElseThrow();
    }

    private Optional<State> state(Caller caller, JobId job) {
        return jdbc.sql(STATE)
                .param("org", caller.org().value())
                .param("job", job.value())
                .query(State.class)
                .optional();
    }

    private static HeimdexException notFound() {
        return new HeimdexException(ErrorCode.JOB_NOT_FOUND, "There is no job with this id.");
    }

    private HeimdexException refused(
            Caller caller, String action, JobId job, ErrorCode code, String why) {
        audit.add(caller, action, job, code);
        return refusal(code, why);
    }

    private static HeimdexException refusal(ErrorCode code, String why) {
        return new HeimdexException(code, "The job cannot be changed this way: " + why);
    }

    private void update(Caller caller, JobId job, String set) {
        jdbc.sql(set + " where org_id = :org and job_id = :job")
                .param("org", caller.org().value())
                .param("job", job.value())
                .update();
    }
}
