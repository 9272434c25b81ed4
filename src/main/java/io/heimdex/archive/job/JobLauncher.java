package io.heimdex.archive.job;

import io.heimdex.archive.telemetry.LogContext;
import io.heimdex.archive.telemetry.Measure;
import io.heimdex.archive.telemetry.Trail;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Reach;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs a job on the calling thread. The caller holds the job's launch task, so no other worker runs
 * the same job: an execution that still counts as running belongs to a worker that died.
 */
@Component
class JobLauncher {

    private static final Logger log = LoggerFactory.getLogger(JobLauncher.class);

    private static final String REQUEST =
            "select org_id, type, stop_requested_at is not null as stop_requested, restart_of,"
                    + " asset_id is not null as about_one, trace_parent from job where job_id = :job";

    /**
     * All of the job's earlier steps, as nobody else launches it now: one that lost its database is
     * UNKNOWN, and a worker that slept may have begun some in an execution that was over. Spring
     * Batch lets nobody out of either.
     */
    private static final String END_STEPS =
            """
            update batch_step_execution s
            set status = :status, version = s.version + 1,
                end_time = coalesce(s.end_time, now() at time zone 'UTC')
            from batch_job_execution e
            where e.job_instance_id = :instance and s.job_execution_id = e.job_execution_id
                and s.status in ('STARTING', 'STARTED', 'STOPPING', 'UNKNOWN')
            """;

    private static final String END_EXECUTIONS =
            """
            update batch_job_execution
            set status = :status, version = version + 1,
                end_time = coalesce(end_time, now() at time zone 'UTC')
            where job_instance_id = :instance
                and status in ('STARTING', 'STARTED', 'STOPPING', 'UNKNOWN')
            """;

    private final JobOperator operator;
    private final JobRepository repository;
    private final JdbcClient jdbc;
    private final ObjectProvider<Job> jobBeans;
    private final JobItems items;
    private final AuditLog audit;
    private final ApplicationEventPublisher events;
    private final Trail trail;
    private final TransactionTemplate transaction;

    JobLauncher(
            JobOperator operator,
            JobRepository repository,
            JdbcClient jdbc,
            ObjectProvider<Job> jobBeans,
            JobItems items,
            AuditLog audit,
            ApplicationEventPublisher events,
            Trail trail,
            PlatformTransactionManager transactions) {
        this.operator = operator;
        this.repository = repository;
        this.jdbc = jdbc;
        this.jobBeans = jobBeans;
        this.items = items;
        this.audit = audit;
        this.events = events;
        this.trail = trail;
        this.transaction = new TransactionTemplate(transactions);
    }

    private record Row(
            String orgId,
            String type,
            boolean stopRequested,
            @Nullable Long restartOf,
            boolean aboutOne,
            @Nullable String traceParent) {}

    /**
     * Runs the job to its end, or as far as it gets. One that is to stop is not begun, and if its
     * worker died before it could obey, it is stopped here.
     *
     * @throws UnfinishedJobException if it has to be launched again
     */
    void launch(JobId id) {
        Row row = row(id);
        if (row == null) {
            return;
        }
        OrgId org = new OrgId(row.orgId());
        try (LogContext _ = LogContext.job(org, id.toString())) {
            if (row.stopRequested()) {
                Reach.ofOrg(
                        org,
                        () ->
                                end(
                                        job(row.type()),
                                        parameters(id, row.orgId()),
                                        BatchStatus.STOPPED));
            } else {
                trail.followed(
                        row.traceParent(),
                        Measure.TASK,
                        Lane.of(row.aboutOne()).tag(),
                        () ->
                                Reach.ofOrg(
                                        org,
                                        () ->
                                                run(
                                                        job(row.type()),
                                                        parameters(id, row.orgId()),
                                                        row.restartOf())));
            }
        } catch (JobExecutionException e) {
            throw new IllegalStateException("job " + id + " could not be launched", e);
        }
    }

    /** Leaves the job as one that failed: its launch is given up. */
    void giveUp(JobId id) {
        Row row = row(id);
        if (row != null) {
            Reach.ofOrg(
                    new OrgId(row.orgId()),
                    () -> end(job(row.type()), parameters(id, row.orgId()), BatchStatus.FAILED));
        }
    }

    private @Nullable Row row(JobId id) {
        Row row =
                jdbc.sql(REQUEST).param("job", id.value()).query(Row.class).optional().orElse(null);
        if (row == null) {
            log.warn("job {} is gone; its launch is dropped", id);
        }
        return row;
    }

    /** Ends what a dead worker left of the job, which nobody goes on with for now. */
    private void end(Job job, JobParameters parameters, BatchStatus status) {
        JobInstance instance = repository.getJobInstance(job.getName(), parameters);
        if (instance == null) {
            return;
        }
        transaction.executeWithoutResult(_ -> {
            if (endAs(status, instance) > 0) {
                audit.addBySystem(JobScope.of(parameters), "recover");
                events.publishEvent(new LeftBehind(JobScope.of(parameters)));
            }
        });
    }

    private int endAs(BatchStatus status, JobInstance instance) {
        return endAs(END_STEPS, status, instance) + endAs(END_EXECUTIONS, status, instance);
    }

    private int endAs(String sql, BatchStatus status, JobInstance instance) {
        return jdbc.sql(sql)
                .param("status", status.name())
                .param("instance", instance.getId())
                .update();
    }

    /**
     * Brings the job one execution further.
     *
     * @throws UnfinishedJobException if that execution stopped early, so that the launch is
     *     repeated later
     */
    private void run(Job job, JobParameters parameters, @Nullable Long restartOf)
            throws JobExecutionException {
        JobExecution last = last(job, parameters);
        if (last != null && ended(last) && !Objects.equals(restartOf, last.getId())) {
            return;
        }
        JobExecution execution =
                last == null
                        ? operator.start(job, parameters)
                        : operator.restart(restartable(last));
        log.debug("execution {} of the job ended as {}", execution.getId(), execution.getStatus());
        if (!ended(execution) && !stopped(execution, parameters)) {
            throw new UnfinishedJobException(
                    "job execution", execution.getId(), execution.getStatus());
        }
    }

    /** An execution that an operator stopped is not continued; one that a drain stopped is. */
    private boolean stopped(JobExecution execution, JobParameters parameters) {
        return execution.getStatus() == BatchStatus.STOPPED
                && items.stopRequested(JobScope.of(parameters));
    }

    private JobExecution restartable(JobExecution last) {
        log.info("job execution {} ended early as {}; going on", last.getId(), last.getStatus());
        return Objects.requireNonNull(
                transaction.execute(_ -> {
                    if (endAs(BatchStatus.FAILED, last.getJobInstance()) == 0) {
                        return last;
                    }
                    audit.addBySystem(JobScope.of(last.getJobParameters()), "recover");
                    return Objects.requireNonNull(repository.getJobExecution(last.getId()));
                }));
    }

    /** Whether there is nothing left that another execution could do. */
    private static boolean ended(JobExecution execution) {
        return execution.getStatus() == BatchStatus.COMPLETED
                || execution.getStatus() == BatchStatus.ABANDONED
                || execution.getExitStatus().getExitCode().equals(JobRecorder.ITEM_FAILED);
    }

    private @Nullable JobExecution last(Job job, JobParameters parameters) {
        JobInstance instance = repository.getJobInstance(job.getName(), parameters);
        if (instance == null) {
            return null;
        }
        JobExecution last = repository.getLastJobExecution(instance);
        if (last == null) {
            // A worker died between the two transactions of a start; the empty instance would block
            // every later one.
            repository.deleteJobInstance(instance);
        }
        return last;
    }

    private static JobParameters parameters(JobId id, String org) {
        return new JobParametersBuilder()
                .addString(JobScope.JOB_ID, id.toString())
                .addString(JobScope.ORG_ID, org, false)
                .toJobParameters();
    }

    private Job job(String type) {
        Map<String, Job> byName =
                jobBeans.stream().collect(Collectors.toMap(Job::getName, Function.identity()));
        Job job = byName.get(type);
        if (job == null) {
            throw new IllegalStateException("this node knows no job of type " + type);
        }
        return job;
    }
}
