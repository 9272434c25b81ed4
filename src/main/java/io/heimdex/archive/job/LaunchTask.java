package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Duration;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** One task per job, held by the worker that runs the job for as long as it runs. */
@Configuration(proxyBeanMethods = false)
class LaunchTask {

    private static final TaskDescriptor<Void> DESCRIPTOR = TaskDescriptor.of("launch-job");
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final double RETRY_FACTOR = 2;
    private static final int MAX_RETRIES = 8;

    /** The launch of a job, to be taken in order of turns. */
    static TaskInstance<Void> instance(JobId job, int turn) {
        return DESCRIPTOR.instance(job.toString()).priority(-turn).build();
    }

    @Bean
    OneTimeTask<Void> launchJobTask(JobLauncher launcher) {
        return Tasks.oneTime(DESCRIPTOR)
                .onFailure(
                        FailureHandler.<Void>maxRetries(MAX_RETRIES)
                                .withBackoff(FIRST_RETRY, RETRY_FACTOR)
                                .thenRemove())
                .onDeadExecutionRevive()
                .execute((task, _) -> launcher.launch(new JobId(UUID.fromString(task.getId()))));
    }
}
