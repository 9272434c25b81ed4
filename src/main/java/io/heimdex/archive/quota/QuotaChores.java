package io.heimdex.archive.quota;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Keeps sums short, on one node of all. */
@Configuration(proxyBeanMethods = false)
class QuotaChores {

    private static final Duration EVERY = Duration.ofMinutes(1);

    @Bean
    RecurringTask<Void> foldingCounts(AssetBudget assets) {
        return Tasks.recurring("fold-counts", FixedDelay.of(EVERY))
                .execute((_, _) -> assets.fold());
    }
}
