package io.heimdex.archive.job.web;

import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobView;
import io.heimdex.archive.job.Jobs;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.Scope;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What a client sees of its jobs. */
@RestController
class JobController {

    private final Jobs jobs;

    JobController(Jobs jobs) {
        this.jobs = jobs;
    }

    @GetMapping("/v1/jobs/{id}")
    @RequiresScope(Scope.JOBS_READ)
    JobView job(Caller caller, @PathVariable String id) {
        return JobId.parse(id)
                .flatMap(job -> jobs.find(caller.org(), job))
                .orElseThrow(() ->
                        new HeimdexException(
                                ErrorCode.JOB_NOT_FOUND, "There is no job with this id."));
    }
}
