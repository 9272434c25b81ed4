package io.heimdex.archive.job.web;

import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.contract.Fails;
import io.heimdex.archive.job.JobFailures;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.job.Jobs;
import io.heimdex.archive.job.Throughput;
import io.heimdex.archive.job.Throughputs;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.Scope;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** A job's assets in figures. */
@RestController
class JobFiguresController {

    private final Jobs jobs;
    private final JobFailures failures;
    private final Throughputs throughputs;

    JobFiguresController(Jobs jobs, JobFailures failures, Throughputs throughputs) {
        this.jobs = jobs;
        this.failures = failures;
        this.throughputs = throughputs;
    }

    record FailureCodes(List<JobFailures.OfCode> items) {}

    /**
     * How many of the job's assets failed with which code, the most frequent first. They are those
     * that GET /v1/jobs/{id}/failures lists, and what a restart may name as failure_codes.
     */
    @GetMapping("/v1/jobs/{id}/failures/summary")
    @RequiresScope(Scope.JOBS_READ)
    @Fails(ErrorCode.JOB_NOT_FOUND)
    FailureCodes failures(Caller caller, @PathVariable String id) {
        return new FailureCodes(failures.byCode(existing(caller, id)));
    }

    /**
     * How many of the job's assets came to an outcome in each part of its life, in 120 points at
     * most. The parts are longer the longer the job lives: from ten seconds to four weeks.
     */
    @GetMapping("/v1/jobs/{id}/throughput")
    @RequiresScope(Scope.JOBS_READ)
    @Fails(ErrorCode.JOB_NOT_FOUND)
    Throughput throughput(Caller caller, @PathVariable String id) {
        return throughputs.of(existing(caller, id));
    }

    private JobScope existing(Caller caller, String id) {
        return JobId.parse(id)
                .filter(job -> jobs.exists(caller.org(), job))
                .map(job -> new JobScope(caller.org(), job))
                .orElseThrow(() ->
                        new HeimdexException(
                                ErrorCode.JOB_NOT_FOUND, "There is no job with this id."));
    }
}
