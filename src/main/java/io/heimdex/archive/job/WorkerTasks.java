package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * What a worker does with the tasks of each lane. A task is held, with a heartbeat, for as long as
 * its job or partition runs; it ends with that, and comes back after a pause when it ended early.
 */
@Component
class WorkerTasks {

    /** Looked up when a task runs: the jobs behind them queue tasks themselves. */
    private final ObjectProvider<JobLauncher> launcher;

    private final ObjectProvider<PartitionRunner> partitions;

    WorkerTasks(ObjectProvider<JobLauncher> launcher, ObjectProvider<PartitionRunner> partitions) {
        this.launcher = launcher;
        this.partitions = partitions;
    }

    OneTimeTask<Void> of(Lane lane) {
        return switch (lane) {
            case SINGLE, BULK ->
                    task(lane, id -> launcher.getObject().launch(new JobId(UUID.fromString(id))));
            case PARTITION -> task(lane, id -> partitions.getObject().run(Long.parseLong(id)));
        };
    }

    private static OneTimeTask<Void> task(Lane lane, Consumer<String> work) {
        return Tasks.oneTime(lane.task())
                .onFailure(new ComeBack())
                .onDeadExecutionRevive()
                .execute((task, _) -> work.accept(task.getId()));
    }
}
