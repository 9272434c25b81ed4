package io.heimdex.archive.bulk;

import io.heimdex.archive.bulk.BatchConfig.Overlap;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobRequest;
import io.heimdex.archive.job.Jobs;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.tenancy.OrgId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;

/** Asks for runs, or what they would do. */
@Component
public class BulkRuns {

    private static final int SAMPLE = 10;

    private final MediaStore store;
    private final Jobs jobs;
    private final SelectedAssets selected;
    private final RunSpecs specs;

    BulkRuns(MediaStore store, Jobs jobs, SelectedAssets selected, RunSpecs specs) {
        this.store = store;
        this.jobs = jobs;
        this.selected = selected;
        this.specs = specs;
    }

    /**
     * What a run would take.
     *
     * @param sample the first of them, by id
     */
    public record Preview(long count, List<String> sample) {}

    /**
     * What a request for a named run led to.
     *
     * @param skipped whether the job is an earlier one that has not ended
     */
    public record Started(JobId job, boolean skipped) {}

    /**
     * Asks for a run. It finds its assets when it starts.
     *
     * @throws HeimdexException {@code archive_not_found} for a scan of an org that has none, or an
     *     idempotency code
     */
    @Transactional
    public JobId start(
            OrgId org,
            RunType type,
            RunSpec spec,
            String requestedBy,
            @Nullable String idempotencyKey) {
        return submit(org, type, spec, null, requestedBy, idempotencyKey).job();
    }

    /**
     * Asks for a named run over the org's own assets.
     *
     * @throws HeimdexException {@code run_in_progress} if the same run of the org has not ended and
     *     the config refuses that; {@code archive_not_found}, or an idempotency code
     */
    @Transactional
    public Started start(
            OrgId org, BatchConfig config, String requestedBy, @Nullable String idempotencyKey) {
        jobs.lockConfig(org, config.name());
        Optional<JobId> unfinished = jobs.unfinished(org, config.name());
        Jobs.Submission submission =
                submit(
                        org,
                        config.type(),
                        config.spec(),
                        config.name(),
                        requestedBy,
                        idempotencyKey);
        if (unfinished.isEmpty() || !submission.isNew()) {
            return new Started(submission.job(), false);
        }
        if (config.onOverlap() == Overlap.REFUSE) {
            throw new HeimdexException(
                    ErrorCode.RUN_IN_PROGRESS,
                    "Job %s of %s has not ended; wait for it or stop it."
                            .formatted(unfinished.get(), config.name()));
        }
        TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
        return new Started(unfinished.get(), true);
    }

    private Jobs.Submission submit(
            OrgId org,
            RunType type,
            RunSpec spec,
            @Nullable String config,
            String requestedBy,
            @Nullable String idempotencyKey) {
        if (type == RunType.SCAN) {
            store.archive(org);
        }
        return jobs.submit(
                new JobRequest(
                        org,
                        type.wireName(),
                        null,
                        config,
                        List.of(),
                        specs.toJson(spec),
                        requestedBy,
                        idempotencyKey));
    }

    /** What the run would take if it started now. */
    public Preview preview(OrgId org, RunType type, Selection selection) {
        return new Preview(
                selected.count(org, type, selection),
                selected.page(org, type, selection, null, SAMPLE).stream()
                        .map(AssetId::value)
                        .toList());
    }
}
