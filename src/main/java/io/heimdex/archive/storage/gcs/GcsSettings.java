package io.heimdex.archive.storage.gcs;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Google Cloud Storage. Credentials and endpoint are those of Spring Cloud GCP ({@code
 * spring.cloud.gcp.*}).
 *
 * @param bucket the service's own bucket, for uploads and what is derived from media
 * @param projectId the project, if not the one that the credentials or the machine tell
 * @param uploadPrefix the folder of uploads in the bucket
 * @param derivedPrefix the folder of sidecar copies and thumbnails in the bucket
 * @param deadline how long one request is tried again after faults that may pass
 * @param requestTimeout how long one answer may take
 * @param mediaPerOrg how many objects of one organisation are read at once by each node
 * @param queueTimeout how long a further one waits for its turn
 */
@Validated
@ConfigurationProperties("heimdex.storage.gcs")
record GcsSettings(
        @DefaultValue("") String bucket,
        @DefaultValue("") String projectId,
        @DefaultValue("uploads") String uploadPrefix,
        @DefaultValue("derived") String derivedPrefix,
        @DefaultValue("30s") Duration deadline,
        @DefaultValue("10s") Duration requestTimeout,
        @Min(1) @DefaultValue("16") int mediaPerOrg,
        @DefaultValue("5m") Duration queueTimeout) {}
