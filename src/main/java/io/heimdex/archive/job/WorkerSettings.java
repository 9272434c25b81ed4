package io.heimdex.archive.job;

import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How a worker takes jobs from the queues.
 *
 * @param singleJobs how many jobs about one asset run at once on this node
 * @param bulkJobs how many jobs about many assets run at once on this node
 * @param partitions how many partitions of such jobs run at once on this node; 0 for one per
 *     processor
 * @param pollInterval how often a queue is looked at; a job that was asked for on this node starts
 *     at once
 * @param heartbeatInterval how often a worker says that it is alive
 * @param missedHeartbeats after how many of them another worker takes over
 * @param drain how long a worker that is told to stop lets its jobs finish their chunk before it
 *     interrupts them, and then waits as long again
 */
@Validated
@ConfigurationProperties("heimdex.worker")
record WorkerSettings(
        @Min(1) @DefaultValue("4") int singleJobs,
        @Min(1) @DefaultValue("4") int bulkJobs,
        @Min(0) @DefaultValue("0") int partitions,
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("5s") Duration heartbeatInterval,
        @Min(4) @DefaultValue("6") int missedHeartbeats,
        @DefaultValue("12s") Duration drain) {

    int partitionThreads() {
        return partitions > 0 ? partitions : Runtime.getRuntime().availableProcessors();
    }
}
