package io.heimdex.archive.job;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import org.springframework.batch.core.BatchStatus;

/** A job or partition stopped before its end; its task is repeated. */
final class UnfinishedJobException extends HeimdexException {

    private static final long serialVersionUID = 1L;

    UnfinishedJobException(String what, long id, BatchStatus status) {
        super(ErrorCode.JOB_FAILED, what + " " + id + " ended early as " + status);
    }
}
