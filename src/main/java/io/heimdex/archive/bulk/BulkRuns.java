package io.heimdex.archive.bulk;

import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobRequest;
import io.heimdex.archive.job.Jobs;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.tenancy.OrgId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

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
        if (type == RunType.SCAN) {
            store.archive(org);
        }
        return jobs.submit(
                        new JobRequest(
                                org,
                                type.wireName(),
                                null,
                                null,
                                List.of(),
                                specs.toJson(spec),
                                requestedBy,
                                idempotencyKey))
                .job();
    }

    /** What the run would take if it started now. */
    public Preview preview(OrgId org, Selection selection) {
        return new Preview(
                selected.count(org, selection),
                selected.page(org, selection, null, SAMPLE).stream().map(AssetId::value).toList());
    }
}
