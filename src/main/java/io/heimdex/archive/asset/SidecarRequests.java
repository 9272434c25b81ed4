package io.heimdex.archive.asset;

import io.heimdex.archive.asset.Asset.Status;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobRequest;
import io.heimdex.archive.job.Jobs;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.OrgId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Asks for sidecars and pictures: the job and the assets' state change together, or not at all. */
@Component
public class SidecarRequests {

    /** The name of the job that makes sidecars. */
    public static final String JOB_TYPE = "sidecar";

    /** What is to be made of an asset. */
    public enum Wanted {
        /** Its sidecar, and then its pictures. */
        SIDECAR(JOB_TYPE),
        /** Its pictures alone. */
        THUMBNAILS("thumbnails");

        private final String jobType;

        Wanted(String jobType) {
            this.jobType = jobType;
        }
    }

    private final Assets assets;
    private final Jobs jobs;

    SidecarRequests(Assets assets, Jobs jobs) {
        this.assets = assets;
        this.jobs = jobs;
    }

    /**
     * Asks for what is wanted of one asset.
     *
     * @param sourceUri where to read it, or {@code null} for where it was found last
     * @param spec the request's own fields, as JSON
     * @throws HeimdexException {@code asset_not_found}, {@code source_mismatch} or an idempotency
     *     code
     */
    @Transactional
    public JobId forOne(
            Caller caller,
            Wanted wanted,
            AssetId id,
            @Nullable String sourceUri,
            String spec,
            @Nullable String idempotencyKey) {
        OrgId org = caller.org();
        if (assets.find(org, id).isEmpty()) {
            throw new HeimdexException(
                    ErrorCode.ASSET_NOT_FOUND, "There is no asset with this id.");
        }
        SourceUri source = sourceUri == null ? null : SourceUri.parse(sourceUri);
        if (source != null && !assets.hasSource(org, id, source)) {
            throw new HeimdexException(
                    ErrorCode.SOURCE_MISMATCH,
                    "The asset was never committed from this source_uri; leave it out.");
        }
        Jobs.Submission submission =
                submit(
                        wanted,
                        new JobRequest(
                                org,
                                wanted.jobType,
                                id,
                                null,
                                List.of(id),
                                spec,
                                caller.user(),
                                idempotencyKey));
        if (submission.isNew() && source != null) {
            assets.useSource(org, id, source);
        }
        return submission.job();
    }

    /** Asks for the sidecars of many assets in one job. */
    @Transactional
    public JobId forMany(OrgId org, List<AssetId> ids, String requestedBy) {
        return submit(
                        Wanted.SIDECAR,
                        new JobRequest(org, JOB_TYPE, null, null, ids, "{}", requestedBy, null))
                .job();
    }

    private Jobs.Submission submit(Wanted wanted, JobRequest request) {
        Jobs.Submission submission = jobs.submit(request);
        if (submission.isNew() && wanted == Wanted.SIDECAR) {
            assets.setStatus(request.org(), request.assets(), Status.QUEUED);
        }
        return submission;
    }
}
