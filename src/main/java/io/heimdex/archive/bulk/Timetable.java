package io.heimdex.archive.bulk;

import io.heimdex.archive.bulk.ScheduleSettings.Schedule;
import io.heimdex.archive.job.Recurrences;
import io.heimdex.archive.job.Recurrences.Times;
import io.heimdex.archive.tenancy.OrgId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The runs that the service starts by itself, as this node's settings name them. */
@Component
public class Timetable {

    private final Map<String, Schedule> schedules;
    private final BatchConfigs configs;
    private final Recurrences recurrences;

    Timetable(ScheduleSettings settings, BatchConfigs configs, Recurrences recurrences) {
        this.schedules = new TreeMap<>(settings.schedules());
        this.configs = configs;
        this.recurrences = recurrences;
    }

    /**
     * A schedule.
     *
     * @param config the batch config that is run
     * @param when the cron expression and its time zone
     * @param nextAt {@code null} if no worker has it in its settings
     * @param lastAt when its last run was asked for
     * @param enabled whether it is ever due: the expression {@code -} switches a schedule off
     */
    public record Entry(
            String name,
            String config,
            RunType type,
            String when,
            @Nullable Instant nextAt,
            @Nullable Instant lastAt,
            boolean enabled) {}

    /** Those that concern the org, by name. */
    public List<Entry> of(OrgId org) {
        Map<String, Times> times =
                recurrences.of(schedules.keySet().stream().map(Schedules::task).toList());
        List<Entry> entries = new ArrayList<>();
        schedules.forEach((name, schedule) ->
                configs.find(String.valueOf(schedule.config()))
                        .filter(config -> config.isFor(org))
                        .map(config ->
                                entry(name, schedule, config, times.get(Schedules.task(name))))
                        .ifPresent(entries::add));
        return entries;
    }

    private static Entry entry(
            String name, Schedule schedule, BatchConfig config, @Nullable Times times) {
        boolean enabled = !Schedules.cron(name, schedule).isDisabled();
        return new Entry(
                name,
                config.name(),
                config.type(),
                String.valueOf(schedule.cron()).strip() + " " + schedule.zone(),
                times == null || !enabled ? null : times.next(),
                times == null ? null : times.last(),
                enabled);
    }
}
