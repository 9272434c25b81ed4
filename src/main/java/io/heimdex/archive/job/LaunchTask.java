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

/**
 * The launch queue: one task per job, held by the worker that runs the job for as long as it runs.
 */
@Configuration(proxyBeanMethods = false)
class LaunchTask {

    static final String NAME = "launch-job";

    private static final TaskDescriptor<Void> DESCRIPTOR = TaskDescriptor.of(NAME);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final double RETRY_FACTOR = 2;
    private static final int MAX_RETRIES = 8;

    static TaskInstance<Void> instance(JobId job) {
        return DESCRIPTOR.instance(job.toString()).build();
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
