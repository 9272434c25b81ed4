package io.heimdex.archive.bulk;

import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The runs that the service starts by itself.
 *
 * @param schedules for each name a batch config and when it is run
 */
@ConfigurationProperties("heimdex")
record ScheduleSettings(@DefaultValue Map<String, Schedule> schedules) {

    /**
     * When a batch config is run.
     *
     * @param cron five fields as in a crontab, or six with the seconds first
     * @param config the name of the batch config
     * @param zone the time zone that the cron expression means
     */
    record Schedule(
            @Nullable String cron, @Nullable String config, @DefaultValue("UTC") ZoneId zone) {}
}
