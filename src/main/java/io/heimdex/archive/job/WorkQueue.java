package io.heimdex.archive.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Reach;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The work that waits for a worker. Every task has a turn, and the lowest turn goes first: an org's
 * next task comes one turn after its last, but never before the turn that is being served. So an
 * org that asks for a thousand jobs waits for itself, and another one's first job goes next (fair
 * queueing with the queue itself as the clock).
 */
@Component
class WorkQueue {

    /**
     * An org's next turns; the last of them. What is being served is the lowest turn that waits,
     * else the latest that was ever given. The table's name takes the place of {@code {queue}}.
     */
    private static final String TAKE_TURNS =
            """
            insert into launch_turn as t (queue, org_id, turn)
            select '{queue}', :org, :count - 1 + coalesce(
                (select -priority from {queue} where not picked and task_name = :task
                 order by priority desc limit 1),
                (select turn from launch_turn where queue = '{queue}' order by turn desc limit 1),
                0)
            on conflict (queue, org_id) do update set turn = greatest(t.turn + :count, excluded.turn)
            returning turn
            """;

    /** Tasks that go before the org's next one. An org that has none waiting is next in line. */
    private static final String AHEAD =
            """
            select count(*)
            from (select from {queue}
                  where not picked and priority >= -(
                      select turn from launch_turn where queue = '{queue}' and org_id = :org)
                  limit :limit) as ahead
            """;

    /**
     * Turns from the one that is being served to the org's last: it has no more tasks than that.
     */
    private static final String WAITING_AT_MOST =
            """
            select coalesce(max(greatest(0, t.turn + 1 - coalesce(
                (select -priority from {queue} where not picked and task_name = :task
                 order by priority desc limit 1), t.turn + 1))), 0)
            from launch_turn t
            where t.queue = '{queue}' and t.org_id = :org
            """;

    private static final String WAITING =
            """
            select count(*)
            from (select from {queue} q
                  join job j on j.job_id = case when q.task_instance like '________-____-____-____-____________'
                                          then q.task_instance::uuid end
                  where not q.picked and q.task_name = :task and j.org_id = :org
                  limit :limit) as waiting
            """;

    private final JdbcClient jdbc;
    private final Map<Lane, Scheduler> schedulers;
    private final Map<Lane, SchedulerClient> clients = new EnumMap<>(Lane.class);
    private final DatabaseClock clock;

    WorkQueue(
            JdbcClient jdbc,
            DataSource dataSource,
            Scheduler singleScheduler,
            Scheduler bulkScheduler,
            Scheduler partitionScheduler,
            DatabaseClock clock) {
        this.jdbc = jdbc;
        this.schedulers =
                Map.of(
                        Lane.SINGLE, singleScheduler,
                        Lane.BULK, bulkScheduler,
                        Lane.PARTITION, partitionScheduler);
        this.clock = clock;
        DataSource inTransactions = new TransactionAwareDataSourceProxy(dataSource);
        for (Lane lane : Lane.values()) {
            clients.put(
                    lane,
                    SchedulerClient.Builder.create(inTransactions)
                            .tableName(lane.table())
                            .enablePriority()
                            .jdbcCustomization(new PostgreSqlJdbcCustomization(false, true))
                            .build());
        }
    }

    /**
     * Queues the tasks, in order; this node looks at the queue as soon as the transaction commits.
     *
     * @param ids what the lane's task is to work on
     */
    @Transactional
    public void add(Lane lane, OrgId org, List<String> ids) {
        // A turn is one of all orgs'.
        int last =
                Reach.ofService(() ->
                        jdbc.sql(sql(TAKE_TURNS, lane))
                                .param("org", org.value())
                                .param("task", lane.task().getTaskName())
                                .param("count", ids.size())
                                .query(Integer.class)
                                .single());
        Instant now = clock.now();
        List<SchedulableInstance<?>> tasks = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            int turn = last - ids.size() + 1 + i;
            TaskInstance.Builder<Void> task = lane.task().instance(ids.get(i)).priority(-turn);
            tasks.add(task.scheduledTo(now));
        }
        Objects.requireNonNull(clients.get(lane)).scheduleBatch(tasks);
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        Objects.requireNonNull(schedulers.get(lane)).triggerCheckForDueExecutions();
                    }
                });
    }

    /** How many tasks of the lane go before the org's next one; counts no further than told. */
    int ahead(Lane lane, OrgId org, int limit) {
        return jdbc.sql(sql(AHEAD, lane))
                .param("org", org.value())
                .param("limit", limit)
                .query(Integer.class)
                .single();
    }

    /** Whether so many jobs of the org wait in the lane already. */
    boolean full(Lane lane, OrgId org, int limit) {
        int atMost =
                jdbc.sql(sql(WAITING_AT_MOST, lane))
                        .param("org", org.value())
                        .param("task", lane.task().getTaskName())
                        .query(Integer.class)
                        .single();
        // What came back to be done again has an old turn, and makes the others seem many.
        return atMost >= limit
                && jdbc.sql(sql(WAITING, lane))
                                .param("org", org.value())
                                .param("task", lane.task().getTaskName())
                                .param("limit", limit)
                                .query(Integer.class)
                                .single()
                        >= limit;
    }

    private static String sql(String template, Lane lane) {
        return template.replace("{queue}", lane.table());
    }
}
