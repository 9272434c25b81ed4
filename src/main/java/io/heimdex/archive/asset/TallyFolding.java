package io.heimdex.archive.asset;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Folds the tallies once a minute, on one node of all, so that there are never many to add up. */
@Configuration(proxyBeanMethods = false)
class TallyFolding {

    private static final Duration EVERY = Duration.ofMinutes(1);

    @Bean
    RecurringTask<Void> folding(AssetTallies tallies) {
        return Tasks.recurring("fold-tallies", FixedDelay.of(EVERY))
                .execute((_, _) -> tallies.fold());
    }
}
