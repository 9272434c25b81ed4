package io.heimdex.archive.job;

import io.heimdex.archive.tenancy.OrgId;
import java.util.Objects;
import java.util.UUID;
import org.springframework.batch.core.job.parameters.JobParameters;

/** Whose job an execution works on: what every reader and writer of a job needs to know. */
public record JobScope(OrgId org, JobId job) {

    static final String JOB_ID = "job_id";
    static final String ORG_ID = "org_id";

    /** Reads the parameters that every execution is started with. */
    public static JobScope of(JobParameters parameters) {
        return new JobScope(
                new OrgId(Objects.requireNonNull(parameters.getString(ORG_ID))),
                new JobId(UUID.fromString(Objects.requireNonNull(parameters.getString(JOB_ID)))));
    }
}
