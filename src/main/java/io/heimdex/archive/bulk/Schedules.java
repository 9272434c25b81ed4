package io.heimdex.archive.bulk;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import io.heimdex.archive.bulk.ScheduleSettings.Schedule;
import io.heimdex.archive.problem.CannotStartException;
import java.util.regex.Pattern;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.env.Environment;

/**
 * Makes a recurring task of each schedule. All nodes share its row in the queue, so that one of
 * them runs it when it is due.
 */
class Schedules implements BeanRegistrar {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final int CRONTAB_FIELDS = 5;

    @Override
    public void register(BeanRegistry registry, Environment environment) {
        Binder.get(environment)
                .bindOrCreate("heimdex", ScheduleSettings.class)
                .schedules()
                .forEach((name, schedule) ->
                        registry.registerBean(
                                task(name),
                                new ParameterizedTypeReference<RecurringTask<Void>>() {},
                                bean ->
                                        bean.supplier(context ->
                                                task(
                                                        name,
                                                        schedule,
                                                        context.bean(BatchConfigs.class),
                                                        context.beanProvider(
                                                                ScheduledRuns.class)))));
    }

    /** The runs come late, as they need the queue whose scheduler this task is for. */
    private static RecurringTask<Void> task(
            String name,
            Schedule schedule,
            BatchConfigs configs,
            ObjectProvider<ScheduledRuns> runs) {
        String property = "heimdex.schedules." + name;
        if (!NAME.matcher(name).matches()) {
            throw new CannotStartException(property + ": its name must be of a-z, 0-9 and -");
        }
        CronSchedule cron = cron(name, schedule);
        if (schedule.config() == null) {
            throw new CannotStartException(property + ".config: must name a batch config");
        }
        BatchConfig config =
                configs.find(schedule.config())
                        .orElseThrow(() ->
                                new CannotStartException(
                                        property
                                                + ".config: there is no batch config "
                                                + schedule.config()));
        return Tasks.recurring(task(name), cron)
                .execute((_, context) ->
                        runs.getObject().start(name, config, context.getExecution().executionTime));
    }

    /** What a schedule's task is called. */
    static String task(String name) {
        return "schedule-" + name;
    }

    /**
     * When a schedule is due.
     *
     * @throws CannotStartException if nothing tells
     */
    static CronSchedule cron(String name, Schedule schedule) {
        String pattern = schedule.cron() == null ? "" : schedule.cron().strip();
        try {
            return new CronSchedule(
                    pattern,
                    schedule.zone(),
                    pattern.split("\\s+", -1).length == CRONTAB_FIELDS
                            ? CronStyle.UNIX
                            : CronStyle.SPRING53);
        } catch (IllegalArgumentException e) {
            throw new CannotStartException(
                    "heimdex.schedules."
                            + name
                            + ".cron: must be five fields as in a crontab, or six with the seconds first");
        }
    }
}
