package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Runs the retention once an hour, on one node of all. */
@Configuration(proxyBeanMethods = false)
class RetentionTask {

    private static final Duration EVERY = Duration.ofHours(1);

    @Bean
    RecurringTask<Void> forgetting(Retention retention) {
        return Tasks.recurring("retention", FixedDelay.of(EVERY))
                .execute((_, _) -> retention.purge());
    }
}
