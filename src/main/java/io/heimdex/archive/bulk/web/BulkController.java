package io.heimdex.archive.bulk.web;

import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.bulk.BulkRuns;
import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.bulk.RunSpec;
import io.heimdex.archive.bulk.RunType;
import io.heimdex.archive.bulk.Selection;
import io.heimdex.archive.job.IdempotencyKey;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.Scope;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Runs over many assets. */
@RestController
class BulkController {

    private final BulkRuns runs;

    BulkController(BulkRuns runs) {
        this.runs = runs;
    }

    record Accepted(String jobId, String location) {}

    @PostMapping("/v1/jobs")
    @RequiresScope(Scope.JOBS_RUN)
    ResponseEntity<?> run(
            Caller caller,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @Valid @RequestBody RunRequest request) {
        caller.requireOrg(request.orgId());
        Selection selection =
                Objects.requireNonNullElse(request.select(), Selection.NONE)
                        .checked(request.type());
        if (Boolean.TRUE.equals(request.dryRun())) {
            if (request.type() == RunType.SCAN) {
                throw HeimdexException.invalidField(
                        "dry_run", "is not for a scan: it knows only once it has looked");
            }
            return ResponseEntity.ok(runs.preview(caller.org(), selection));
        }
        RunSpec spec =
                new RunSpec(
                        selection,
                        Objects.requireNonNullElse(request.options(), RunOptions.DEFAULT));
        JobId job =
                runs.start(
                        caller.org(),
                        request.type(),
                        spec,
                        caller.user(),
                        IdempotencyKey.checked(key));
        URI location = URI.create("/v1/jobs/" + job);
        return ResponseEntity.accepted()
                .location(location)
                .body(new Accepted(job.toString(), location.toString()));
    }
}
