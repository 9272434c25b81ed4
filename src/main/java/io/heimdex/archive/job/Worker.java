package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import io.heimdex.archive.node.Roles;
import java.util.List;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * This node as one that runs jobs, if that is its role, from the time it is ready until it is told
 * to stop.
 */
@Component
public class Worker implements SmartLifecycle {

    private final List<Scheduler> schedulers;
    private final Heartbeat heartbeat;
    private volatile boolean running;
    private volatile boolean stopping;

    Worker(List<Scheduler> schedulers, Heartbeat heartbeat, Roles roles) {
        this.schedulers = roles.worker() ? List.copyOf(schedulers) : List.of();
        this.heartbeat = heartbeat;
    }

    /** True from the moment the worker waits for its jobs to let go. */
    public boolean stopping() {
        return stopping;
    }

    /** Whether this node takes tasks from the queues. */
    boolean takesTasks() {
        return running && !stopping && !schedulers.isEmpty();
    }

    @Override
    public void start() {
        schedulers.forEach(Scheduler::start);
        if (!schedulers.isEmpty()) {
            heartbeat.start();
        }
        running = true;
    }

    @Override
    public void stop() {
        stopping = true;
        List<Thread> stops =
                schedulers.stream()
                        .map(scheduler -> Thread.ofVirtual().start(scheduler::stop))
                        .toList();
        try {
            for (Thread stop : stops) {
                stop.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        heartbeat.stop();
        running = false;
    }

    /** While the worker lets go, requests that are being answered end too. */
    @Override
    public void stop(Runnable callback) {
        stopping = true;
        Thread.ofVirtual()
                .start(() -> {
                    stop();
                    callback.run();
                });
    }

    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
