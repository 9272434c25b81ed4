package io.heimdex.archive.job.web;

import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.contract.Answers;
import io.heimdex.archive.contract.Fails;
import io.heimdex.archive.job.AuditFilter;
import io.heimdex.archive.job.AuditLog;
import io.heimdex.archive.job.Executions;
import io.heimdex.archive.job.JobControl;
import io.heimdex.archive.job.JobFailures;
import io.heimdex.archive.job.JobFilter;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobItems;
import io.heimdex.archive.job.JobRow;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.job.JobView;
import io.heimdex.archive.job.Jobs;
import io.heimdex.archive.job.Redo;
import io.heimdex.archive.paging.Cursor;
import io.heimdex.archive.paging.Page;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.Scope;
import jakarta.validation.Valid;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What a client sees of its jobs, and what an operator does to them. */
@RestController
class JobController {

    private final Jobs jobs;
    private final JobItems items;
    private final Executions executions;
    private final JobControl control;
    private final AuditLog audit;
    private final JobEvents events;

    JobController(
            Jobs jobs,
            JobItems items,
            Executions executions,
            JobControl control,
            AuditLog audit,
            JobEvents events) {
        this.jobs = jobs;
        this.items = items;
        this.executions = executions;
        this.control = control;
        this.audit = audit;
        this.events = events;
    }

    /**
     * The org's jobs, newest first.
     *
     * @param type such as sidecar, thumbnails, scan or reprobe
     * @param assetId only jobs about this asset alone
     * @param since only jobs that were asked for later
     */
    @GetMapping("/v1/jobs")
    @RequiresScope(Scope.JOBS_READ)
    Page<JobRow> list(
            Caller caller,
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(required = false) JobView.@Nullable Status status,
            @RequestParam(name = "asset_id", required = false) @Nullable String assetId,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        Page.requireLimit(limit);
        JobFilter filter = new JobFilter(type, status, assetId, since);
        Jobs.Position after = Cursor.read(cursor, JobController::position, filter);
        return Cursor.page(
                jobs.list(caller.org(), filter, after, limit + 1),
                limit,
                row -> row.requestedAt() + "," + row.jobId(),
                filter);
    }

    /** One job, as it is now. */
    @GetMapping("/v1/jobs/{id}")
    @RequiresScope(Scope.JOBS_READ)
    @Fails(ErrorCode.JOB_NOT_FOUND)
    JobView job(Caller caller, @PathVariable String id) {
        return jobs.find(caller.org(), jobId(id)).orElseThrow(JobController::notFound);
    }

    /**
     * A job's progress as server-sent events. Each event is named {@code job} and carries the job
     * as GET /v1/jobs/{id} shows it; the stream ends with the job, or after half an hour.
     */
    @GetMapping(path = "/v1/jobs/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @RequiresScope(Scope.JOBS_READ)
    @Answers(body = String.class, type = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Fails({ErrorCode.JOB_NOT_FOUND, ErrorCode.TOO_MANY_STREAMS})
    SseEmitter events(Caller caller, @PathVariable String id) {
        return events.stream(caller.org(), existing(caller, id));
    }

    /**
     * The assets that failed in a job.
     *
     * @param code only those that failed with this code
     */
    @GetMapping("/v1/jobs/{id}/failures")
    @RequiresScope(Scope.JOBS_READ)
    @Fails(ErrorCode.JOB_NOT_FOUND)
    Page<JobItems.FailedItem> failures(
            Caller caller,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String code,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        Page.requireLimit(limit);
        JobScope scope = new JobScope(caller.org(), existing(caller, id));
        Integer after = Cursor.read(cursor, Integer::valueOf, id, code);
        return Cursor.page(
                items.failures(scope, code, after == null ? 0 : after, limit + 1),
                limit,
                item -> Integer.toString(item.seq()),
                id,
                code);
    }

    /** Every attempt of a job, oldest first, with its steps and partitions. */
    @GetMapping("/v1/jobs/{id}/executions")
    @RequiresScope(Scope.JOBS_READ)
    @Fails(ErrorCode.JOB_NOT_FOUND)
    Page<Executions.Attempt> executions(Caller caller, @PathVariable String id) {
        return new Page<>(executions.of(caller.org(), existing(caller, id)), null);
    }

    /**
     * One attempt of a job, with its steps and partitions.
     *
     * @param n which, from 1
     */
    @GetMapping("/v1/jobs/{id}/executions/{n}")
    @RequiresScope(Scope.JOBS_READ)
    @Fails({ErrorCode.JOB_NOT_FOUND, ErrorCode.EXECUTION_NOT_FOUND})
    Executions.Attempt execution(Caller caller, @PathVariable String id, @PathVariable int n) {
        List<Executions.Attempt> attempts = executions.of(caller.org(), existing(caller, id));
        if (n < 1 || n > attempts.size()) {
            throw new HeimdexException(
                    ErrorCode.EXECUTION_NOT_FOUND,
                    "The job was started " + attempts.size() + " times.");
        }
        return attempts.get(n - 1);
    }

    /**
     * Starts the next attempt of a job that has ended; of many such requests at once exactly one
     * does. A dry run only tells how many assets that would take, and the first of them; for a job
     * that would not be started it fails as the restart would.
     *
     * @return the same job, or what a dry run tells
     */
    @PostMapping("/v1/jobs/{id}/restart")
    @RequiresScope(Scope.JOBS_OPERATE)
    @Answers(value = 202, body = Accepted.class, headers = "Location")
    @Answers(body = JobFailures.Preview.class)
    @Fails({ErrorCode.JOB_NOT_FOUND, ErrorCode.JOB_RUNNING, ErrorCode.JOB_NOT_RESTARTABLE})
    ResponseEntity<?> restart(
            Caller caller,
            @PathVariable String id,
            @Valid @RequestBody(required = false) @Nullable RestartRequest body) {
        RestartRequest request = body == null ? RestartRequest.EMPTY : body;
        caller.requireOrg(request.orgId());
        JobId job = jobId(id);
        Redo redo = request.redo();
        if (Boolean.TRUE.equals(request.dryRun())) {
            return ResponseEntity.ok(control.preview(caller, job, redo));
        }
        control.restart(caller, job, redo);
        return accepted(job);
    }

    /**
     * Asks a job to stop. It is {@code stopped} once its workers have let go of it.
     *
     * @return the job
     */
    @PostMapping("/v1/jobs/{id}/stop")
    @RequiresScope(Scope.JOBS_OPERATE)
    @Answers(value = 202, headers = "Location")
    @Fails({ErrorCode.JOB_NOT_FOUND, ErrorCode.JOB_NOT_RUNNING})
    ResponseEntity<Accepted> stop(Caller caller, @PathVariable String id) {
        JobId job = jobId(id);
        control.stop(caller, job);
        return accepted(job);
    }

    /** Makes sure that a stopped or failed job is never restarted. */
    @PostMapping("/v1/jobs/{id}/abandon")
    @RequiresScope(Scope.JOBS_OPERATE)
    @Fails({ErrorCode.JOB_NOT_FOUND, ErrorCode.JOB_RUNNING, ErrorCode.JOB_NOT_RESTARTABLE})
    JobView abandon(Caller caller, @PathVariable String id) {
        control.abandon(caller, jobId(id));
        return job(caller, id);
    }

    /**
     * Who did what to which job, refused tries and what the service did by itself included, newest
     * first.
     *
     * @param action {@code restart}, {@code stop}, {@code abandon} or {@code recover}
     * @param jobId only what was done to this job
     * @param user as in their token, or {@code system}
     * @param since only what was done then or later
     */
    @GetMapping("/v1/audit")
    @RequiresScope(Scope.ADMIN)
    Page<AuditLog.Entry> audit(
            Caller caller,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(name = "job_id", required = false) @Nullable String jobId,
            @RequestParam(required = false) @Nullable String user,
            @RequestParam(required = false) @Nullable Instant since,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        Page.requireLimit(limit);
        AuditFilter filter = new AuditFilter(action, jobInQuery(jobId), user, since);
        return Cursor.page(
                audit.list(
                        caller.org(),
                        filter,
                        Cursor.read(cursor, Long::valueOf, filter),
                        limit + 1),
                limit,
                entry -> Long.toString(entry.auditId()),
                filter);
    }

    private static @Nullable JobId jobInQuery(@Nullable String id) {
        return id == null
                ? null
                : JobId.parse(id)
                        .orElseThrow(() ->
                                HeimdexException.invalidField("job_id", "must be a job's id"));
    }

    private JobId existing(Caller caller, String id) {
        JobId job = jobId(id);
        if (!jobs.exists(caller.org(), job)) {
            throw notFound();
        }
        return job;
    }

    private static JobId jobId(String id) {
        return JobId.parse(id).orElseThrow(JobController::notFound);
    }

    private static HeimdexException notFound() {
        return new HeimdexException(ErrorCode.JOB_NOT_FOUND, "There is no job with this id.");
    }

    private static Jobs.Position position(String text) {
        String[] parts = text.split(",", -1);
        return new Jobs.Position(Instant.parse(parts[0]), UUID.fromString(parts[1]));
    }

    private static ResponseEntity<Accepted> accepted(JobId job) {
        URI location = URI.create("/v1/jobs/" + job);
        return ResponseEntity.accepted()
                .location(location)
                .body(new Accepted(job.toString(), location.toString()));
    }

    record Accepted(String jobId, String location) {}
}
