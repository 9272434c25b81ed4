package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.SchedulerName;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Says in the database that this worker is there, which the queue knows only of workers with
 * something in hand. Nothing is decided by it: it is for those who look.
 */
@Component
class Heartbeat {

    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    /** A beat may be missed by a moment. */
    private static final int LATE_AFTER = 2;

    private static final int LONGEST_BEAT_S = 10;

    private static final String BEAT =
            """
            insert into worker (name, late_after, dead_after)
            values (:name, make_interval(secs => :late), make_interval(secs => :dead))
            on conflict (name) do update set heartbeat_at = now()
            """;

    private final JdbcClient jdbc;
    private final String name;
    private final WorkerSettings settings;
    private @Nullable ScheduledExecutorService thread;

    Heartbeat(
            @Qualifier("queueDataSource") DataSource dataSource,
            SchedulerName name,
            WorkerSettings settings) {
        this.jdbc = JdbcClient.create(dataSource);
        this.name = name.getName();
        this.settings = settings;
    }

    /** After how many seconds without a heartbeat a worker with these settings is late. */
    static double lateAfter(WorkerSettings settings) {
        return settings.heartbeatInterval().toMillis() / 1000.0 * LATE_AFTER;
    }

    /** After how many seconds others take its work over. */
    static double deadAfter(WorkerSettings settings) {
        return settings.heartbeatInterval().toMillis() / 1000.0 * settings.missedHeartbeats();
    }

    synchronized void start() {
        thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("worker-heartbeat").factory());
        var _ =
                thread.scheduleAtFixedRate(
                        this::beat,
                        0,
                        settings.heartbeatInterval().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** Leaves the list: a worker that was stopped is not dead. */
    synchronized void stop() {
        if (thread == null) {
            return;
        }
        thread.shutdownNow();
        try {
            if (thread.awaitTermination(LONGEST_BEAT_S, TimeUnit.SECONDS)) {
                jdbc.sql("delete from worker where name = :name").param("name", name).update();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.warn("worker {} could not take itself off the list of workers", name, e);
        }
        thread = null;
    }

    private void beat() {
        try {
            jdbc.sql(BEAT)
                    .param("name", name)
                    .param("late", lateAfter(settings))
                    .param("dead", deadAfter(settings))
                    .update();
        } catch (RuntimeException e) {
            // The next beat may succeed.
            log.warn("worker {} could not say that it is there", name, e);
        }
    }
}
