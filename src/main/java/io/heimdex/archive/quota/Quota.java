package io.heimdex.archive.quota;

/**
 * What one org may have and do. Of everything 0 is no limit.
 *
 * @param requestsPerMinute that show a token
 * @param uploadedPerDay bytes of uploads in a day of UTC
 * @param assets in the catalogue
 * @param queuedJobs that wait, in each queue
 * @param openUploads that were announced and are neither committed nor expired
 * @param uploadsAtOnce that one node receives
 */
public record Quota(
        int requestsPerMinute,
        long uploadedPerDay,
        long assets,
        int queuedJobs,
        int openUploads,
        int uploadsAtOnce) {}
