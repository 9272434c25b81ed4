package io.heimdex.archive.job;

import java.time.Instant;
import java.util.List;

/**
 * How a job's assets came to their ends by and by.
 *
 * @param bucketS how many seconds a point stands for
 * @param points from the first outcome to the last, those without one included
 */
public record Throughput(long bucketS, List<Point> points) {

    /**
     * What came to an outcome in one span of time.
     *
     * @param at its beginning
     * @param done ended assets, failed ones included; an asset that a restart did again counts
     *     again
     */
    public record Point(Instant at, long done, long failed) {}
}
