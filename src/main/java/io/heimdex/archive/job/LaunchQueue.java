package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import io.heimdex.archive.tenancy.OrgId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The jobs that wait for a worker. Every launch has a turn, and the lowest turn goes first: an
 * org's next launch comes one turn after its last, but never before the turn that is being served.
 * So an org that asks for a thousand jobs waits for itself, and another one's first job goes next
 * (fair queueing with the queue itself as the clock).
 */
@Component
class LaunchQueue {

    /**
     * An org's next turn. What is being served is the lowest turn that waits, else the latest that
     * was ever given. The table's name takes the place of {@code {queue}}.
     */
    private static final String TAKE_TURN =
            """
            insert into launch_turn as t (queue, org_id, turn)
            select '{queue}', :org, coalesce(
                (select -priority from {queue} where not picked and task_name = 'launch-job'
                 order by priority desc limit 1),
                (select turn from launch_turn where queue = '{queue}' order by turn desc limit 1),
                0)
            on conflict (queue, org_id) do update set turn = greatest(t.turn + 1, excluded.turn)
            returning turn
            """;

    /**
     * Launches that go before the org's next one. One whose org has none waiting is next in line.
     */
    private static final String AHEAD =
            """
            select count(*)
            from (select from {queue}
                  where not picked and priority >= -(
                      select turn from launch_turn where queue = '{queue}' and org_id = :org)
                  limit :limit) as ahead
            """;

    private final JdbcClient jdbc;
    private final Map<Lane, Scheduler> schedulers;
    private final Map<Lane, SchedulerClient> clients = new EnumMap<>(Lane.class);
    private final DatabaseClock clock;

    LaunchQueue(
            JdbcClient jdbc,
            DataSource dataSource,
            OneTimeTask<Void> launchTask,
            Scheduler singleScheduler,
            Scheduler bulkScheduler,
            DatabaseClock clock) {
        this.jdbc = jdbc;
        this.schedulers = Map.of(Lane.SINGLE, singleScheduler, Lane.BULK, bulkScheduler);
        this.clock = clock;
        DataSource inTransactions = new TransactionAwareDataSourceProxy(dataSource);
        for (Lane lane : Lane.values()) {
            clients.put(
                    lane,
                    SchedulerClient.Builder.create(inTransactions, List.of(launchTask))
                            .tableName(lane.table())
                            .enablePriority()
                            .jdbcCustomization(new PostgreSqlJdbcCustomization(false, true))
                            .build());
        }
    }

    /**
     * Queues the launch in the current transaction; this node looks at the queue when it commits.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void add(Lane lane, OrgId org, JobId job) {
        int turn =
                jdbc.sql(sql(TAKE_TURN, lane))
                        .param("org", org.value())
                        .query(Integer.class)
                        .single();
        Objects.requireNonNull(clients.get(lane))
                .scheduleIfNotExists(LaunchTask.instance(job, turn), clock.now());
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        Objects.requireNonNull(schedulers.get(lane)).triggerCheckForDueExecutions();
                    }
                });
    }

    /** How many launches of the lane go before the org's next one; counts no further than told. */
    int ahead(Lane lane, OrgId org, int limit) {
        return jdbc.sql(sql(AHEAD, lane))
                .param("org", org.value())
                .param("limit", limit)
                .query(Integer.class)
                .single();
    }

    private static String sql(String template, Lane lane) {
        return template.replace("{queue}", lane.table());
    }
}
