package io.heimdex.archive.job;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import org.springframework.batch.core.job.JobExecution;

/** An execution stopped before the end of its job; the launch queue repeats the launch. */
final class UnfinishedJobException extends HeimdexException {

    private static final long serialVersionUID = 1L;

    UnfinishedJobException(JobExecution execution) {
        super(
                ErrorCode.JOB_FAILED,
                "job execution " + execution.getId() + " ended early as " + execution.getStatus());
    }
}
