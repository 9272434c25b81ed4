package io.heimdex.archive.job;

import java.util.Objects;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** Forgets what is old enough, in small batches, so that nobody waits for it. */
@Repository
class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);
    private static final int BATCH = 500;

    /** Of items and steps, of which one job may have millions. */
    private static final int ROWS = 10_000;

    private static final String FREE_KEYS =
            """
            update job set idempotency_key = null, request_fingerprint = null
            where ctid = any(array(
                select ctid from job
                where idempotency_key is not null and requested_at < now() - interval '24 hours'
                limit :batch))
            """;

    /** Locked, so that no operator restarts one of them meanwhile. */
    private static final String OLD_JOBS =
            """
            select j.job_id
            from job j
            join job_state s on s.org_id = j.org_id and s.job_id = j.job_id
            where j.requested_at < now() - make_interval(secs => :age)
                and not s.launching and s.state in ('succeeded', 'failed', 'stopped')
                and coalesce(s.end_time at time zone 'UTC', j.requested_at)
                    < now() - make_interval(secs => :age)
            limit :batch
            for update of j skip locked
            """;

    /** From here on nobody restarts them. */
    private static final String GIVE_UP =
            "update job set abandoned_at = coalesce(abandoned_at, now()) where job_id = any(:jobs)";

    private static final String DELETE_ITEMS =
            """
            delete from job_item
            where ctid = any(array(
                select i.ctid
                from job j join job_item i on i.org_id = j.org_id and i.job_id = j.job_id
                where j.job_id = any(:jobs)
                limit :rows))
            """;

    private static final String INSTANCES =
            """
            select distinct e.job_instance_id
            from job j join batch_job_execution e on e.job_execution_id = j.job_execution_id
            where j.job_id = any(:jobs)
            """;

    private static final String DELETE_STEPS =
            """
            with s as (select t.step_execution_id
                       from batch_job_execution e
                       join batch_step_execution t on t.job_execution_id = e.job_execution_id
                       where e.job_instance_id = any(:instances)
                       limit :rows),
                 d as (delete from batch_step_execution_context
                       where step_execution_id in (select step_execution_id from s))
            delete from batch_step_execution where step_execution_id in (select step_execution_id from s)
            """;

    private static final String DELETE_METADATA =
            """
            with x as (select job_execution_id from batch_job_execution
                       where job_instance_id = any(:instances)),
                 d1 as (delete from batch_job_execution_context
                        where job_execution_id in (select job_execution_id from x)),
                 d2 as (delete from batch_job_execution_params
                        where job_execution_id in (select job_execution_id from x)),
                 d3 as (delete from batch_job_execution
                        where job_execution_id in (select job_execution_id from x))
            delete from batch_job_instance where job_instance_id = any(:instances)
            """;

    /** Half of what a turn can count to. */
    private static final int MANY_TURNS = 1 << 30;

    private static final String FORGET_TURNS =
            """
            delete from launch_turn
            where (select max(turn) from launch_turn) > :many
                and not exists (select from scheduled_tasks where task_name = 'launch-job')
                and not exists (select from scheduled_bulk_tasks)
            """;

    /** Those that died without a word; the others have left by themselves. */
    private static final String FORGET_WORKERS =
            "delete from worker where heartbeat_at < now() - interval '1 hour'";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final JobSettings settings;

    Retention(JdbcClient jdbc, TransactionTemplate transaction, JobSettings settings) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.settings = settings;
    }

    /** Frees idempotency keys after a day, and deletes ended jobs after the configured time. */
    void purge() {
        int keys = repeat(BATCH, () -> jdbc.sql(FREE_KEYS).param("batch", BATCH).update());
        int jobs = repeat(BATCH, this::forgetOldJobs);
        transaction.executeWithoutResult(_ -> forgetTurns());
        jdbc.sql(FORGET_WORKERS).update();
        if (keys + jobs > 0) {
            log.info("freed {} idempotency keys and forgot {} jobs", keys, jobs);
        }
    }

    private int forgetOldJobs() {
        UUID[] jobs = takeOldJobs();
        Long[] instances =
                jdbc.sql(INSTANCES)
                        .param("jobs", jobs)
                        .query(Long.class)
                        .list()
                        .toArray(Long[]::new);
        repeat(ROWS, () -> jdbc.sql(DELETE_ITEMS).param("jobs", jobs).param("rows", ROWS).update());
        repeat(
                ROWS,
                () ->
                        jdbc.sql(DELETE_STEPS)
                                .param("instances", instances)
                                .param("rows", ROWS)
                                .update());
        transaction.executeWithoutResult(_ -> {
            jdbc.sql(DELETE_METADATA).param("instances", instances).update();
            jdbc.sql("delete from job where job_id = any(:jobs)").param("jobs", jobs).update();
        });
        return jobs.length;
    }

    /** Some of the jobs that are to be forgotten. */
    UUID[] takeOldJobs() {
        return Objects.requireNonNull(
                transaction.execute(_ -> {
                    UUID[] jobs =
                            jdbc.sql(OLD_JOBS)
                                    .param("age", (double) settings.retention().toSeconds())
                                    .param("batch", BATCH)
                                    .query(UUID.class)
                                    .list()
                                    .toArray(UUID[]::new);
                    jdbc.sql(GIVE_UP).param("jobs", jobs).update();
                    return jobs;
                }));
    }

    /**
     * Turns only count up. They start anew when nothing waits; the lock keeps requests out of the
     * middle.
     */
    private void forgetTurns() {
        jdbc.sql("lock table launch_turn in exclusive mode").update();
        jdbc.sql(FORGET_TURNS).param("many", MANY_TURNS).update();
    }

    private static int repeat(int full, IntSupplier batch) {
        int total = 0;
        int last = full;
        while (last == full) {
            last = batch.getAsInt();
            total += last;
        }
        return total;
    }
}
