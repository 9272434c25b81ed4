package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Whether this worker is giving up its jobs. */
@Component
public class Shutdown {

    private final ObjectProvider<Scheduler> scheduler;

    Shutdown(ObjectProvider<Scheduler> scheduler) {
        this.scheduler = scheduler;
    }

    /** True from the moment the worker waits for its jobs to let go. */
    public boolean requested() {
        return scheduler.getObject().getSchedulerState().isShuttingDown();
    }
}
