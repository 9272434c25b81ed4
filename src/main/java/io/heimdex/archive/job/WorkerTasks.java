package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
    private final ObjectProvider<Worker> worker;
    private final Executions executions;
    private final MeterRegistry meters;

    WorkerTasks(
            ObjectProvider<JobLauncher> launcher,
            ObjectProvider<PartitionRunner> partitions,
            ObjectProvider<Worker> worker,
            Executions executions,
            MeterRegistry meters) {
        this.launcher = launcher;
        this.partitions = partitions;
        this.worker = worker;
        this.executions = executions;
        this.meters = meters;
    }

    OneTimeTask<Void> of(Lane lane) {
        return switch (lane) {
            case SINGLE, BULK ->
                    task(
                            lane,
                            id -> executions.gotToWork(job(id)),
                            id -> launcher.getObject().giveUp(job(id)),
                            id -> launcher.getObject().launch(job(id)));
            case PARTITION ->
                    // The job's own worker finds it without a task, and not ended.
                    task(
                            lane,
                            _ -> true,
                            _ -> {},
                            id -> partitions.getObject().run(Long.parseLong(id)));
        };
    }

    private static JobId job(String id) {
        return new JobId(UUID.fromString(id));
    }

    private OneTimeTask<Void> task(
            Lane lane,
            Predicate<String> diedAtWork,
            Consumer<String> giveUp,
            Consumer<String> work) {
        ComeBack comeBack =
                new ComeBack(() -> worker.getObject().stopping(), diedAtWork, giveUp, meters, lane);
        return Tasks.oneTime(lane.task())
                .onFailure(comeBack)
                .onDeadExecution(comeBack)
                .execute((task, _) -> work.accept(task.getId()));
    }
}
