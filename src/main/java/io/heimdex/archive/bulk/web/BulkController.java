package io.heimdex.archive.bulk.web;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.heimdex.archive.access.RequiresScope;
import io.heimdex.archive.bulk.BatchConfig;
import io.heimdex.archive.bulk.BatchConfig.Overlap;
import io.heimdex.archive.bulk.BatchConfigs;
import io.heimdex.archive.bulk.BulkRuns;
import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.bulk.RunSpec;
import io.heimdex.archive.bulk.RunType;
import io.heimdex.archive.bulk.Selection;
import io.heimdex.archive.contract.Answers;
import io.heimdex.archive.contract.Fails;
import io.heimdex.archive.job.IdempotencyKey;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.Scope;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Runs over many assets. */
@RestController
class BulkController {

    private final BulkRuns runs;
    private final BatchConfigs configs;

    BulkController(BulkRuns runs, BatchConfigs configs) {
        this.runs = runs;
        this.configs = configs;
    }

    /**
     * Where the job is found.
     *
     * @param skipped whether it is an earlier run that has not ended
     */
    record Accepted(
            String jobId, String location, @JsonInclude(NON_NULL) @Nullable Boolean skipped) {}

    /** A named run, as those who may run it see it. */
    record ConfigView(
            String name, RunType type, Overlap onOverlap, Selection select, RunOptions options) {}

    record ConfigList(List<ConfigView> items) {}

    /** The named runs that the org may ask for. */
    @GetMapping("/v1/batch-configs")
    @RequiresScope(Scope.JOBS_RUN)
    ConfigList configs(Caller caller) {
        return new ConfigList(
                configs.of(caller.org()).stream()
                        .map(config ->
                                new ConfigView(
                                        config.name(),
                                        config.type(),
                                        config.onOverlap(),
                                        config.spec().select(),
                                        config.spec().options()))
                        .toList());
    }

    /**
     * Asks for a run over many assets, or tells what it would take.
     *
     * @return the job; or of a dry run, what it would take
     */
    @PostMapping("/v1/jobs")
    @RequiresScope(Scope.JOBS_RUN)
    @Answers(value = 202, body = Accepted.class, headers = "Location")
    @Answers(body = {BulkRuns.Preview.class, Accepted.class})
    @Fails({
        ErrorCode.CONFIG_NOT_FOUND,
        ErrorCode.ARCHIVE_NOT_FOUND,
        ErrorCode.RUN_IN_PROGRESS,
        ErrorCode.JOB_QUOTA_EXCEEDED,
        ErrorCode.INVALID_SOURCE_URI,
        ErrorCode.SCHEME_NOT_ALLOWED,
        ErrorCode.STORAGE_UNAVAILABLE
    })
    ResponseEntity<?> run(
            Caller caller,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @Valid @RequestBody RunRequest request) {
        caller.requireOrg(request.orgId());
        BatchConfig config =
                request.config() == null ? null : configs.find(caller.org(), request.config());
        RunType type = type(request, config);
        RunSpec spec = config == null ? spec(request, type) : config.spec();
        if (Boolean.TRUE.equals(request.dryRun())) {
            if (type == RunType.SCAN) {
                throw HeimdexException.invalidField(
                        "dry_run", "is not for a scan: it knows only once it has looked");
            }
            return ResponseEntity.ok(runs.preview(caller.org(), type, spec.select()));
        }
        String checkedKey = IdempotencyKey.checked(key);
        if (config == null) {
            JobId job = runs.start(caller.org(), type, spec, caller.user(), checkedKey);
            return answer(HttpStatus.ACCEPTED, job, null);
        }
        BulkRuns.Started started = runs.start(caller.org(), config, caller.user(), checkedKey);
        return started.skipped()
                ? answer(HttpStatus.OK, started.job(), true)
                : answer(HttpStatus.ACCEPTED, started.job(), null);
    }

    private static RunType type(RunRequest request, @Nullable BatchConfig config) {
        if (config == null) {
            if (request.type() == null) {
                throw HeimdexException.invalidField("type", "must be given, or config");
            }
            return request.type();
        }
        if (request.type() != null && request.type() != config.type()) {
            throw HeimdexException.invalidField("type", "is not the config's; leave it out");
        }
        if (request.select() != null) {
            throw HeimdexException.invalidField("select", "is the config's; leave it out");
        }
        if (request.options() != null) {
            throw HeimdexException.invalidField("options", "are the config's; leave them out");
        }
        return config.type();
    }

    private static RunSpec spec(RunRequest request, RunType type) {
        return new RunSpec(
                Objects.requireNonNullElse(request.select(), Selection.NONE).checked(type),
                Objects.requireNonNullElse(request.options(), RunOptions.DEFAULT).checked(type));
    }

    private static ResponseEntity<?> answer(
            HttpStatus status, JobId job, @Nullable Boolean skipped) {
        URI location = URI.create("/v1/jobs/" + job);
        return ResponseEntity.status(status)
                .location(location)
                .body(new Accepted(job.toString(), location.toString(), skipped));
    }
}
