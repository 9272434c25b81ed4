package io.heimdex.archive;

import com.github.kagkarlsson.scheduler.Scheduler;
import java.util.List;
import org.springframework.boot.test.context.TestComponent;

/** Whether this node takes jobs. */
@TestComponent
public class TestWorker {

    private final List<Scheduler> schedulers;

    TestWorker(List<Scheduler> schedulers) {
        this.schedulers = schedulers;
    }

    /** Takes no more jobs; what runs goes on. */
    public void pause() {
        schedulers.forEach(Scheduler::pause);
    }

    public void resume() {
        schedulers.forEach(Scheduler::resume);
    }
}
