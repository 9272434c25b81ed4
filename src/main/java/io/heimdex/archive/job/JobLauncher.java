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
            set status = 'FAILED', version = s.version + 1,
                end_time = coalesce(s.end_time, now() at time zone 'UTC')
            from batch_job_execution e
            where e.job_instance_id = :instance and s.job_execution_id = e.job_execution_id
                and s.status in ('STARTING', 'STARTED', 'STOPPING', 'UNKNOWN')
            """;

    private static final String END_EXECUTIONS =
            """
            update batch_job_execution
            set status = 'FAILED', version = version + 1,
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
    private final Trail trail;
    private final TransactionTemplate transaction;

    JobLauncher(
            JobOperator operator,
            JobRepository repository,
            JdbcClient jdbc,
            ObjectProvider<Job> jobBeans,
            JobItems items,
            AuditLog audit,
            Trail trail,
            PlatformTransactionManager transactions) {
        this.operator = operator;
        this.repository = repository;
        this.jdbc = jdbc;
        this.jobBeans = jobBeans;
        this.items = items;
        this.audit = audit;
        this.trail = trail;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Runs the job to its end, or as far as it gets.
     *
     * @throws UnfinishedJobException if it has to be launched again
     */
    void launch(JobId id) {
        record Row(
                String orgId,
                String type,
                boolean stopRequested,
                @Nullable Long restartOf,
                boolean aboutOne,
                @Nullable String traceParent) {}
        Row row =
                jdbc.sql(REQUEST).param("job", id.value()).query(Row.class).optional().orElse(null);
        if (row == null) {
            log.warn("job {} is gone; its launch is dropped", id);
            return;
        }
        OrgId org = new OrgId(row.orgId());
        try (LogContext _ = LogContext.job(org, id.toString())) {
            if (!row.stopRequested()) {
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
                    long instance = last.getJobInstance().getId();
                    int ended =
                            jdbc.sql(END_STEPS).param("instance", instance).update()
                                    + jdbc.sql(END_EXECUTIONS).param("instance", instance).update();
                    if (ended == 0) {
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
