package io.heimdex.archive.job;

import io.heimdex.archive.telemetry.Measure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * How much work waits, over all nodes. The database is asked once for all gauges, no more often
 * than every few seconds however often they are read, and looks at so many rows at most.
 */
@Component
class QueueMeters implements MeterBinder {

    private static final Logger log = LoggerFactory.getLogger(QueueMeters.class);
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** The first of those that wait are those that go next. */
    private static final String ASK =
            """
            select '{lane}' as lane,
                   (select count(*) from (select from {queue} where picked and task_name = '{task}'
                                          limit 100000) p) as running,
                   w.waiting, coalesce(greatest(extract(epoch from now() - w.oldest), 0), 0)::float8 as age
            from (select count(*) as waiting, min(execution_time) as oldest
                  from (select execution_time from {queue} where not picked and task_name = '{task}'
                        order by priority desc limit 100000) q) w
            """;

    private static final String SQL =
            Arrays.stream(Lane.values())
                    .map(lane ->
                            ASK.replace("{lane}", lane.name())
                                    .replace("{queue}", lane.table())
                                    .replace("{task}", lane.task().getTaskName()))
                    .collect(Collectors.joining("union all\n"));

    private final JdbcClient jdbc;
    private final Worker worker;
    private final WorkerSettings settings;
    private final Clock clock;
    private final ReentrantLock asking = new ReentrantLock();
    private Instant asked = Instant.EPOCH;
    private Map<Lane, Depth> known = Map.of();

    QueueMeters(JdbcClient jdbc, Worker worker, WorkerSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.worker = worker;
        this.settings = settings;
        this.clock = clock;
    }

    private record Depth(Lane lane, long running, long waiting, double age) {}

    @Override
    public void bindTo(MeterRegistry meters) {
        for (Lane lane : Lane.values()) {
            String tag = lane.tag();
            Measure.QUEUE_TASKS.gauge(
                    meters, this, it -> it.value(lane, Depth::waiting), tag, "waiting");
            Measure.QUEUE_TASKS.gauge(
                    meters, this, it -> it.value(lane, Depth::running), tag, "running");
            Measure.QUEUE_AGE.gauge(meters, this, it -> it.value(lane, Depth::age), tag);
            Measure.WORKER_THREADS.gauge(
                    meters, this, it -> it.worker.takesTasks() ? it.threads(lane) : 0, tag);
        }
    }

    private int threads(Lane lane) {
        return switch (lane) {
            case SINGLE -> settings.singleJobs();
            case BULK -> settings.bulkJobs();
            case PARTITION -> settings.partitionThreads();
        };
    }

    private interface Part {
        double of(Depth depth);
    }

    /** Not a number while the database does not tell. */
    private double value(Lane lane, Part part) {
        Depth depth = depths().get(lane);
        return depth == null ? Double.NaN : part.of(depth);
    }

    private Map<Lane, Depth> depths() {
        asking.lock();
        try {
            Instant now = clock.instant();
            if (asked.plus(FRESH).isBefore(now)) {
                known = ask();
                asked = now;
            }
            return known;
        } finally {
            asking.unlock();
        }
    }

    private Map<Lane, Depth> ask() {
        Map<Lane, Depth> depths = new EnumMap<>(Lane.class);
        try {
            jdbc.sql(SQL).query(Depth.class).list().forEach(one -> depths.put(one.lane(), one));
        } catch (DataAccessException e) {
            log.warn("the depth of the queues cannot be told: {}", e.getMessage());
        }
        return depths;
    }
}
