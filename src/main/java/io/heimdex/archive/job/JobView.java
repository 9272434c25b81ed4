package io.heimdex.archive.job;

import com.fasterxml.jackson.annotation.JsonValue;
import io.heimdex.archive.problem.SnakeCase;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A job as its org sees it.
 *
 * @param assetId the one asset that the job is about
 * @param config the batch config that it runs, if it runs one
 * @param result what came of it; {@code null} until it has ended
 * @param error why it failed
 * @param attempt how many times it was started
 */
public record JobView(
        String jobId,
        String type,
        @Nullable String assetId,
        @Nullable String config,
        Status status,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Result result,
        @Nullable Failure error,
        Progress progress,
        int attempt,
        @Nullable Batch batch) {

    /** Where a job is in its life. */
    public enum Status {
        QUEUED,
        RUNNING,
        SUCCEEDED,
        FAILED,
        STOPPED;

        /** The name in answers. */
        @JsonValue
        public String wireName() {
            return SnakeCase.of(this);
        }

        static Status of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }

        /** Whether the job stays as it is unless somebody asks for more. */
        public boolean ended() {
            return this == SUCCEEDED || this == FAILED || this == STOPPED;
        }
    }

    /**
     * What came of the job.
     *
     * @param sidecarUri where the sidecar of the one asset is found, below this service's address
     */
    public record Result(@Nullable String sidecarUri, List<String> thumbnails, Counts counts) {}

    /**
     * How the assets of the job ended.
     *
     * @param unchanged files that a scan did not have to look into
     * @param missing files that a scan did not find any more
     */
    public record Counts(long total, long succeeded, long failed, long unchanged, long missing) {}

    /** Why the job failed. */
    public record Failure(String code, String message) {}

    /**
     * How far the job is.
     *
     * @param done ended assets, failed ones included
     * @param ratePerS assets a second over the last minute, over the whole attempt once it has
     *     ended; {@code null} before the first
     * @param eta when it will end if that rate holds
     * @param workers how many have it or parts of it in hand
     */
    public record Progress(
            long total,
            long done,
            long failed,
            @Nullable Double ratePerS,
            @Nullable Instant eta,
            int workers) {}

    /** The job in Spring Batch's words. */
    public record Batch(
            long jobInstanceId, long jobExecutionId, String batchStatus, String exitCode) {}
}
