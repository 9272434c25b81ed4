package io.heimdex.archive.job;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Ties an execution to its job. Every job of this service has it as a listener.
 *
 * <p>An execution that did all its work but whose assets did not all succeed ends as FAILED with an
 * exit code of its own: Spring Batch restarts nothing that is COMPLETED, and the failed assets are
 * what an operator wants to restart.
 */
@Component
public class JobRecorder implements JobExecutionListener {

    /** The exit code of an execution that left failed assets and nothing else. */
    static final String ITEM_FAILED = "ITEM_FAILED";

    /** The rate begins anew: what earlier attempts did says nothing of how fast this one is. */
    private static final String BEGIN =
            """
            update job
            set job_execution_id = :execution, attempt_done = done,
                mark_at = now(), mark_done = done, earlier_mark_at = now(), earlier_mark_done = done
            where org_id = :org and job_id = :job
            """;

    private final JdbcClient jdbc;

    JobRecorder(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void beforeJob(JobExecution execution) {
        JobScope scope = JobScope.of(execution.getJobParameters());
        jdbc.sql(BEGIN)
                .param("execution", execution.getId())
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .update();
    }

    @Override
    public void afterJob(JobExecution execution) {
        if (execution.getStepExecutions().stream().anyMatch(Fence::rejected)) {
            // Spring Batch knows not how such an execution ended, and would write that over what
            // the worker that took over has recorded.
            execution.setStatus(BatchStatus.FAILED);
            execution.setExitStatus(ExitStatus.FAILED);
        } else if (execution.getStatus() == BatchStatus.COMPLETED && anyFailed(execution)) {
            execution.setStatus(BatchStatus.FAILED);
            execution.setExitStatus(new ExitStatus(ITEM_FAILED));
        }
    }

    private boolean anyFailed(JobExecution execution) {
        JobScope scope = JobScope.of(execution.getJobParameters());
        return jdbc.sql("select failed > 0 from job where org_id = :org and job_id = :job")
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .query(Boolean.class)
                .single();
    }
}
