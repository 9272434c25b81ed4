package io.heimdex.archive.chaos;

import com.zaxxer.hikari.HikariDataSource;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.storage.AssetId;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the database says, asked from outside of the product. Triggers of its own note every
 * committed write of an outcome, a sidecar or pictures; each asset is in one job, so each is
 * written once. That pictures are entered into a sidecar is no write of it: {@code raw} tells the
 * probe's.
 */
final class Ledger implements AutoCloseable {

    private static final int ATTEMPTS = 20;

    private static final String INSTALL =
            """
            create schema chaos;
            create table chaos.expected (org_id text, asset_id text, name text, primary key (org_id, asset_id));
            create table chaos.written (kind text, org_id text, asset_id text, job_id uuid, seq int, worker text,
                                        at timestamptz);
            create index on chaos.written (job_id, seq);
            create function chaos.note_outcome() returns trigger language plpgsql security definer as $$ begin
                insert into chaos.written
                values ('outcome', new.org_id, new.asset_id, new.job_id, new.seq,
                        current_setting('application_name'), clock_timestamp());
                return null;
            end $$;
            create function chaos.note_made() returns trigger language plpgsql security definer as $$ begin
                insert into chaos.written
                values (tg_table_name, new.org_id, new.asset_id, null, null,
                        current_setting('application_name'), clock_timestamp());
                return null;
            end $$;
            create trigger chaos_outcome after update of outcome on job_item for each row
                when (new.outcome is not null) execute function chaos.note_outcome();
            create trigger chaos_sidecar after insert or update of raw on sidecar for each row
                execute function chaos.note_made();
            create trigger chaos_pictures after insert or update on thumbnail_set for each row
                execute function chaos.note_made();
            """;

    /** Launches hold their whole job, partitions the items after and up to a place. */
    private static final String HELD =
            """
            select picked_by as worker, task_instance as task, task_instance::uuid as job, null::int as after,
                   null::int as last
            from (select * from scheduled_tasks union all select * from scheduled_bulk_tasks) t
            where picked and task_name = 'launch-job'
            union all
            select t.picked_by, t.task_instance, j.job_id, r.after, r.after + j.partition_size
            from scheduled_partition_tasks t
            join batch_step_execution s on s.step_execution_id = t.task_instance::bigint
            join job j on j.job_execution_id = s.job_execution_id,
            lateral (select split_part(s.step_name, ':', 2)::int as after) r
            where t.picked
            """;

    private static final String WAITING =
            """
            select (select count(*) from scheduled_tasks
                    where task_name = 'launch-job' and not picked and execution_time <= now())
                 + (select count(*) from scheduled_bulk_tasks where not picked and execution_time <= now())
                 + (select count(*) from scheduled_partition_tasks where not picked and execution_time <= now())
            """;

    private static final String QUEUED =
            """
            select exists (
                select from (select * from scheduled_tasks union all select * from scheduled_bulk_tasks
                             union all select * from scheduled_partition_tasks) t
                where t.task_instance = :task)
            """;

    private static final String UNFINISHED =
            """
            select exists (select from chaos.expected x
                           join job_item i on i.org_id = x.org_id and i.asset_id = x.asset_id
                           where x.name = any(:names) and i.outcome is null)
            """;

    private static final String KILL_BACKEND =
            """
            select coalesce(bool_or(pg_terminate_backend(pid)), false)
            from (select pid from pg_stat_activity
                  where application_name = any(:workers) and (xact_start is not null or not :working)
                  order by md5(pid::text || :salt) limit 1) as chosen
            """;

    private static final String LOST =
            """
            select count(*)
            from chaos.expected x
            left join job_item i on i.org_id = x.org_id and i.asset_id = x.asset_id
            left join asset a on a.org_id = x.org_id and a.asset_id = x.asset_id
            left join sidecar s on s.org_id = x.org_id and s.asset_id = x.asset_id
            where i.outcome is null
                or a.status is distinct from case i.outcome when 'succeeded' then 'ready' else 'failed' end
                or (i.outcome = 'succeeded') <> (s.asset_id is not null)
            """;

    private static final String DUPLICATES =
            """
            select count(distinct (org_id, asset_id))
            from (select org_id, asset_id from chaos.written group by kind, org_id, asset_id having count(*) > 1) w
            """;

    private static final String STUCK =
            """
            select (select count(*) from job_state
                    where launching or state not in ('succeeded', 'failed', 'stopped'))
                 + (select count(*) from scheduled_partition_tasks)
                 + (select count(*) from asset where status = 'processing')
                 + (select count(*) from job j
                    join batch_job_execution mine on mine.job_execution_id = j.job_execution_id
                    join batch_job_execution e on e.job_instance_id = mine.job_instance_id
                    where e.status in ('STARTING', 'STARTED', 'STOPPING')
                        or (e.status = 'UNKNOWN' and not exists (
                            select from batch_job_execution later
                            where later.job_instance_id = e.job_instance_id
                                and later.job_execution_id > e.job_execution_id)))
            """;

    private static final String WHAT_IS_STUCK =
            """
            select concat_ws(' ', 'job', s.job_id, s.state, case when s.launching then 'launching' end,
                             'execution', e.job_execution_id, e.status, 'steps',
                             (select string_agg(concat_ws('=', x.step_name, x.status), ',')
                              from batch_step_execution x where x.job_execution_id = e.job_execution_id))
            from job_state s
            join job j on j.org_id = s.org_id and j.job_id = s.job_id
            left join batch_job_execution e on e.job_execution_id = j.job_execution_id
            where s.launching or s.state not in ('succeeded', 'failed', 'stopped')
            union all
            select concat_ws(' ', 'execution', job_execution_id, status)
            from batch_job_execution where status not in ('COMPLETED', 'FAILED', 'STOPPED', 'ABANDONED')
            union all
            select concat_ws(' ', 'task', t.task_name, t.task_instance, 'picked by', t.picked_by, 'due',
                             t.execution_time, 'failures', t.consecutive_failures)
            from (select * from scheduled_tasks union all select * from scheduled_bulk_tasks
                  union all select * from scheduled_partition_tasks) t
            where t.task_name in ('launch-job', 'run-partition')
            union all
            (select concat_ws(' ', 'item', i.job_id, i.seq, i.asset_id, a.status, i.taken_by)
            from job_item i join asset a on a.org_id = i.org_id and a.asset_id = i.asset_id
            where i.outcome is null or a.status = 'processing' limit 20)
            """;

    private static final String CRASHED =
            """
            select count(*)
            from job_item i
            join chaos.expected x on x.org_id = i.org_id and x.asset_id = i.asset_id
            where i.code = 'prober_crashed' and starts_with(x.name, :prefix) = :poison
            """;

    private static final String NEXT_EXECUTION =
            """
            select min(later.create_time at time zone 'UTC')
            from job j
            join batch_job_execution mine on mine.job_execution_id = j.job_execution_id
            join batch_job_execution later on later.job_instance_id = mine.job_instance_id
            where j.job_id = :job and later.create_time at time zone 'UTC' > :at
            """;

    private static final String NEXT_OUTCOME =
            """
            select min(at) from chaos.written
            where job_id = :job and seq > :after and seq <= :last and at > :at and worker <> :worker
            """;

    private final HikariDataSource pool;
    private final JdbcClient jdbc;

    Ledger(String url) {
        this.pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(2);
        this.jdbc = JdbcClient.create(pool);
    }

    /**
     * A task that a worker has picked.
     *
     * @param task its name in its queue
     * @param after the place after which its items begin, {@code null} if it is a whole job
     * @param last the last place of its items
     */
    record Held(
            String worker, String task, UUID job, @Nullable Integer after, @Nullable Integer last) {

        /** Whether this is another worker's hold on the same items, or on their whole job. */
        boolean takesOver(Held earlier) {
            return !worker.equals(earlier.worker)
                    && job.equals(earlier.job)
                    && (after == null || after.equals(earlier.after));
        }
    }

    void install() {
        jdbc.sql(INSTALL).update();
    }

    void expect(String org, AssetId asset, String name) {
        jdbc.sql("insert into chaos.expected values (?, ?, ?) on conflict do nothing")
                .params(org, asset.value(), name)
                .update();
    }

    List<Held> held() {
        return again(() -> jdbc.sql(HELD).query(Held.class).list());
    }

    /** Whether the worker has a transaction open, which the server ends if it goes on for long. */
    boolean inTransaction(String worker) {
        return again(() ->
                jdbc.sql(
                                "select exists (select from pg_stat_activity"
                                        + " where application_name = ? and xact_start is not null)")
                        .param(worker)
                        .query(Boolean.class)
                        .single());
    }

    /** How many tasks could be picked at once. */
    long waiting() {
        return number(WAITING);
    }

    /** Whether the task is not done yet, held or not. */
    boolean queued(Held task) {
        return again(
                () -> jdbc.sql(QUEUED).param("task", task.task()).query(Boolean.class).single());
    }

    /** Whether one of these files has no outcome yet. */
    boolean unfinished(Collection<String> names) {
        return again(() ->
                jdbc.sql(UNFINISHED)
                        .param("names", names.toArray(String[]::new))
                        .query(Boolean.class)
                        .single());
    }

    /** Whether another crash could give up an asset, as one that was in hand at three of them. */
    boolean endangered() {
        return again(() ->
                jdbc.sql(
                                "select exists (select from job_item where outcome is null and crashes >= 2)")
                        .query(Boolean.class)
                        .single());
    }

    Optional<JobId> jobOf(String org, AssetId asset) {
        return again(() ->
                jdbc.sql("select job_id from job_item where org_id = ? and asset_id = ?")
                        .params(org, asset.value())
                        .query((row, _) -> new JobId(row.getObject(1, UUID.class)))
                        .optional());
    }

    /**
     * Ends a session of one of the workers.
     *
     * @param working whether it has to be one in a transaction
     */
    boolean killBackend(Collection<String> workers, boolean working, int salt) {
        return again(() ->
                jdbc.sql(KILL_BACKEND)
                        .param("workers", workers.toArray(String[]::new))
                        .param("working", working)
                        .param("salt", Integer.toString(salt))
                        .query(Boolean.class)
                        .single());
    }

    /** Changes whenever anything goes on. */
    long progress() {
        return number(
                "select (select count(*) from chaos.written)"
                        + " + (select coalesce(max(job_execution_id), 0) from batch_job_execution)");
    }

    long lost() {
        return number(LOST);
    }

    long duplicates() {
        return number(DUPLICATES);
    }

    long stuck() {
        return number(STUCK);
    }

    /** Everything that has not ended, a line each. */
    List<String> whatIsStuck() {
        return again(() -> jdbc.sql(WHAT_IS_STUCK).query(String.class).list());
    }

    /** How many assets were given up because they crash workers. */
    long crashed(boolean poison) {
        return again(() ->
                jdbc.sql(CRASHED)
                        .param("prefix", StandInProber.Kind.POISON.prefix())
                        .param("poison", poison)
                        .query(Long.class)
                        .single());
    }

    /** How long nobody worked on what the worker held; empty if nothing was left to do. */
    Optional<Duration> gap(Held held, Instant lostAt) {
        OffsetDateTime at = lostAt.atOffset(ZoneOffset.UTC);
        Optional<OffsetDateTime> next =
                again(() ->
                        Optional.ofNullable(
                                held.after() == null
                                        ? jdbc.sql(NEXT_EXECUTION)
                                                .param("job", held.job())
                                                .param("at", at)
                                                .query(OffsetDateTime.class)
                                                .optional()
                                                .orElse(null)
                                        : jdbc.sql(NEXT_OUTCOME)
                                                .param("job", held.job())
                                                .param("after", held.after())
                                                .param("last", held.last())
                                                .param("at", at)
                                                .param("worker", held.worker())
                                                .query(OffsetDateTime.class)
                                                .optional()
                                                .orElse(null)));
        return next.map(then -> Duration.between(lostAt, then));
    }

    private long number(String sql) {
        return again(() -> jdbc.sql(sql).query(Long.class).single());
    }

    /** Connections break when the server does. */
    private static <T> T again(Supplier<T> query) {
        for (int i = 1; ; i++) {
            try {
                return Objects.requireNonNull(query.get());
            } catch (DataAccessException e) {
                if (i == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
