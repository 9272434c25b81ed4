package io.heimdex.archive.job.web;

import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.job.Workers;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.Scope;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The nodes that run jobs. */
@RestController
class WorkerController {

    private final Workers workers;

    WorkerController(Workers workers) {
        this.workers = workers;
    }

    record WorkerList(List<Workers.Seen> items) {}

    /**
     * The workers that have something of the org's in hand, and how much. With the scope admin all
     * workers that there are, idle ones too; what they do for other orgs is never told.
     */
    @GetMapping("/v1/workers")
    @RequiresScope(Scope.JOBS_READ)
    WorkerList workers(Caller caller) {
        return new WorkerList(workers.seenBy(caller));
    }
}
