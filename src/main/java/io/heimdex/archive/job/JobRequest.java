package io.heimdex.archive.job;

import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job is asked to do.
 *
 * @param type the name of the Spring Batch job
 * @param subject the one asset that the job is about; such a job fails if its asset fails
 * @param config the named run that it is, if it is one
 * @param assets what it works on, in order; none if the job finds that out when it starts
 * @param spec the request's own fields, as JSON
 * @param idempotencyKey a repetition of the request with the same key is answered with the first
 *     one's job
 */
public record JobRequest(
        OrgId org,
        String type,
        @Nullable AssetId subject,
        @Nullable String config,
        List<AssetId> assets,
        String spec,
        String requestedBy,
        @Nullable String idempotencyKey) {

    public JobRequest {
        assets = List.copyOf(assets);
    }
}
