package io.heimdex.archive.job;

import com.fasterxml.jackson.annotation.JsonValue;
import io.heimdex.archive.problem.SnakeCase;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.Scope;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The nodes that run jobs, as an org sees them: of all work its own alone. */
@Repository
public class Workers {

    private static final int MOST = 1_000;

    /** A worker that says nothing of itself is of an older version, and judged by this node's. */
    private static final String LIST =
            """
            with held as (
                select t.picked_by as name, t.last_heartbeat, 1 as jobs, 0 as partitions
                from scheduled_tasks t
                join job j on j.org_id = :org and j.job_id = t.task_instance::uuid
                where t.task_name = 'launch-job' and t.picked
                union all
                select t.picked_by, t.last_heartbeat, 1, 0
                from scheduled_bulk_tasks t
                join job j on j.org_id = :org and j.job_id = t.task_instance::uuid
                where t.task_name = 'launch-job' and t.picked
                union all
                select t.picked_by, t.last_heartbeat, 0, 1
                from scheduled_partition_tasks t
                join batch_step_execution s on s.step_execution_id = t.task_instance::bigint
                join job j on j.org_id = :org and j.job_execution_id = s.job_execution_id
                where t.task_name = 'run-partition' and t.picked and s.status in ('STARTING', 'STARTED')
            ), busy as (
                select name, max(last_heartbeat) as heartbeat_at, sum(jobs) as jobs, sum(partitions) as partitions
                from held
                group by name
            ), seen as (
                select coalesce(b.name, w.name) as name, greatest(b.heartbeat_at, w.heartbeat_at) as heartbeat_at,
                       coalesce(b.jobs, 0) as jobs, coalesce(b.partitions, 0) as partitions,
                       coalesce(w.late_after, make_interval(secs => :late)) as late_after,
                       coalesce(w.dead_after, make_interval(secs => :dead)) as dead_after
                from busy b
                full join worker w on w.name = b.name
                where b.name is not null or :all
            )
            select name, heartbeat_at, jobs, partitions,
                   case when now() - heartbeat_at <= late_after then 'alive'
                        when now() - heartbeat_at <= dead_after then 'late'
                        else 'dead' end as state
            from seen
            order by name
            limit :most
            """;

    private final JdbcClient jdbc;
    private final WorkerSettings settings;

    Workers(JdbcClient jdbc, WorkerSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** Whether a worker can be relied on. */
    public enum State {
        ALIVE,
        /** It missed a heartbeat. */
        LATE,
        /** It missed so many that others take over what it has in hand. */
        DEAD;

        /** The name in answers. */
        @JsonValue
        public String wireName() {
            return SnakeCase.of(this);
        }
    }

    /**
     * A worker.
     *
     * @param heartbeatAt when it was heard of last
     * @param jobs how many of the org's jobs it has in hand
     * @param partitions how many parts of the org's jobs it has in hand
     */
    public record Seen(String name, Instant heartbeatAt, State state, long jobs, long partitions) {}

    /**
     * Those that have work of the caller's org in hand; for the scope admin all of them, and those
     * that died within the last hours. What they do for other orgs is not told.
     */
    public List<Seen> seenBy(Caller caller) {
        return jdbc.sql(LIST)
                .param("org", caller.org().value())
                .param("all", caller.scopes().contains(Scope.ADMIN))
                .param("late", Heartbeat.lateAfter(settings))
                .param("dead", Heartbeat.deadAfter(settings))
                .param("most", MOST)
                .query((row, _) ->
                        new Seen(
                                row.getString("name"),
                                row.getObject("heartbeat_at", OffsetDateTime.class).toInstant(),
                                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                                row.getLong("jobs"),
                                row.getLong("partitions")))
                .list();
    }
}
