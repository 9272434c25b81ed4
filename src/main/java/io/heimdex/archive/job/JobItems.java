package io.heimdex.archive.job;

import io.heimdex.archive.job.Redo.Only;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.telemetry.Measure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The assets of a job: what is still to do, and how each ended. */
@Repository
public class JobItems {

    /**
     * An item that another run still has in hand was lost with its worker. It is no longer taken by
     * the page, but by itself when its turn comes.
     */
    private static final String CLAIM =
            """
            with page as (
                select org_id, job_id, seq,
                       crashes + case when taken_by <> :run then 1 else 0 end as crashes
                from job_item
                where org_id = :org and job_id = :job and seq > :after and seq <= :last and outcome is null
                order by seq
                limit :limit
                for update)
            update job_item i
            set crashes = p.crashes, taken_by = case when p.crashes = 0 then :run end
            from page p
            where i.org_id = p.org_id and i.job_id = p.job_id and i.seq = p.seq
            returning i.seq, i.asset_id, i.source_uri, i.crashes
            """;

    private static final String TAKE =
            """
            update job_item set taken_by = :run
            where org_id = :org and job_id = :job and seq = :seq and outcome is null and taken_by is null
            """;

    private static final String LET_GO =
            """
            update job_item set taken_by = null
            where org_id = :org and job_id = :job and seq = any(:seqs) and taken_by = :run
            """;

    private static final String IN_HAND =
            """
            select asset_id from job_item
            where org_id = :org and job_id = :job and outcome is null and asset_id is not null
                and (taken_by is not null or crashes > 0)
            """;

    private static final String ADD =
            """
            insert into job_item (org_id, job_id, seq, asset_id)
            select :org, :job, :planned + i.seq, i.asset_id
            from unnest(:assets) with ordinality as i (asset_id, seq)
            """;

    private static final String LAST_ADDED =
            """
            select seq, asset_id, source_uri, crashes from job_item
            where org_id = :org and job_id = :job
            order by seq desc
            limit 1
            """;

    private static final String COUNT_ONCE =
            """
            update job set total = :total, done = :failed, failed = :failed, partition_size = :size
            where org_id = :org and job_id = :job and partition_size is null
            """;

    private static final String OPEN_RANGES =
            """
            select distinct (i.seq - 1) / j.partition_size as number, j.partition_size as size
            from job_item i
            join job j on j.org_id = i.org_id and j.job_id = i.job_id
            where i.org_id = :org and i.job_id = :job and i.outcome is null
            order by number
            """;

    /**
     * The array is compared twice so that the items are always found by their key, and never by
     * reading all that are unfinished.
     */
    private static final String FINISH =
            """
            update job_item i
            set outcome = case when f.code is null then 'succeeded' else 'failed' end,
                code = f.code, message = f.message,
                asset_id = coalesce(f.asset_id, i.asset_id), source_uri = f.source_uri, taken_by = null,
                attempts = i.attempts + 1, ended_at = now()
            from unnest(:seqs, :assets, :codes, :messages, :uris) as f (seq, asset_id, code, message, source_uri)
            where i.org_id = :org and i.job_id = :job and i.seq = any(:seqs) and i.seq = f.seq and i.outcome is null
            """;

    private static final String REOPEN =
            """
            update job_item set outcome = null, crashes = 0
            where org_id = :org and job_id = :job and outcome = 'failed'
            """;

    /** What stays failed does not count against what the run may have from now on. */
    private static final String UNCOUNT =
            """
            update job
            set done = done - :reopened, failed = failed - :reopened, failed_before = failed - :reopened
            where org_id = :org and job_id = :job
            """;

    private static final String FAILURES =
            """
            select seq, asset_id, source_uri, code, message, attempts, ended_at
            from job_item
            where org_id = :org and job_id = :job and outcome = 'failed' and seq > :after
                and (:code::text is null or code = :code)
            order by seq
            limit :limit
            """;

    /**
     * A new mark every half minute: the earlier one is then half a minute to a minute old.
     *
     * <p>Who has the lock on the job's row anyway also adds to what the job did in this span of its
     * life: of ten seconds in its first hour, of a minute on its first day, then of ten minutes. A
     * plot of its whole life shows no shorter ones, and a year has few enough.
     */
    private static final String COUNT =
            """
            with counted as (
            update job
            set done = done + :done, failed = failed + :failed,
                earlier_mark_at = case when mark_at > now() - interval '30 seconds' then earlier_mark_at
                    else mark_at end,
                earlier_mark_done = case when mark_at > now() - interval '30 seconds' then earlier_mark_done
                    else mark_done end,
                mark_at = case when mark_at > now() - interval '30 seconds' then mark_at else now() end,
                mark_done = case when mark_at > now() - interval '30 seconds' then mark_done
                    else done + :done end
            where org_id = :org and job_id = :job
            returning asset_id
            ), life as (
                select now() - coalesce((
                    select at from job_throughput where org_id = :org and job_id = :job
                    order by at limit 1), now()) as age
                from counted
                where asset_id is null)
            insert into job_throughput as t (org_id, job_id, at, done, failed)
            select :org, :job,
                   date_bin(case when age < interval '1 hour' then interval '10 seconds'
                                when age < interval '1 day' then interval '1 minute'
                                else interval '10 minutes' end, now(), timestamptz 'epoch'),
                   :done, :failed
            from life
            on conflict (org_id, job_id, at) do update
                set done = t.done + excluded.done, failed = t.failed + excluded.failed
            """;

    private final JdbcClient jdbc;
    private final MeterRegistry meters;

    JobItems(JdbcClient jdbc, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.meters = meters;
        succeeded();
    }

    /**
     * How one asset of a job ended.
     *
     * @param asset which it turned out to be, {@code null} if that was known before or is not known
     * @param code why it failed, {@code null} if it did not
     * @param sourceUri where the asset was read
     */
    public record Ending(
            int seq,
            @Nullable AssetId asset,
            @Nullable ErrorCode code,
            @Nullable String message,
            @Nullable String sourceUri) {}

    /**
     * A failed asset of a job.
     *
     * @param seq its place in the job
     * @param attempts how often the job tried it
     */
    public record FailedItem(
            int seq,
            @Nullable String assetId,
            @Nullable String sourceUri,
            String code,
            String message,
            int attempts,
            Instant at) {}

    /**
     * Takes the next unfinished assets of the range in hand. What another run had in hand is
     * counted as a crash; such a suspect is handed out, but not taken.
     *
     * @param run the run of a step that takes them
     */
    public List<JobItem> claim(JobScope scope, long run, ItemRange range, int limit) {
        return jdbc
                .sql(CLAIM)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .param("run", run)
                .param("after", range.after())
                .param("last", range.last())
                .param("limit", limit)
                .query(JobItems::item)
                .list()
                .stream()
                .sorted(Comparator.comparingInt(JobItem::seq))
                .toList();
    }

    /**
     * Takes one suspect in hand.
     *
     * @throws OptimisticLockingFailureException if another run has it
     */
    public void take(JobScope scope, long run, int seq) {
        int taken =
                jdbc.sql(TAKE)
                        .param("org", scope.org().value())
                        .param("job", scope.job().value())
                        .param("run", run)
                        .param("seq", seq)
                        .update();
        if (taken == 0) {
            throw new OptimisticLockingFailureException(
                    "asset " + seq + " of job " + scope.job() + " is another worker's");
        }
    }

    /** Lets go of what the run has in hand of these. */
    public void letGo(JobScope scope, long run, List<Integer> seqs) {
        jdbc.sql(LET_GO)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .param("run", run)
                .param("seqs", seqs.toArray(Integer[]::new))
                .update();
    }

    /** The assets that workers have, or had when they died. */
    public List<AssetId> inHand(JobScope scope) {
        return jdbc.sql(IN_HAND)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .query((row, _) -> new AssetId(row.getString(1)))
                .list();
    }

    /**
     * Records how the assets ended.
     *
     * @throws OptimisticLockingFailureException if another worker has done so
     */
    public void finish(JobScope scope, List<Ending> endings) {
        int done =
                jdbc.sql(FINISH)
                        .param("org", scope.org().value())
                        .param("job", scope.job().value())
                        .param("seqs", endings.stream().map(Ending::seq).toArray(Integer[]::new))
                        .param(
                                "assets",
                                column(
                                        endings,
                                        ending ->
                                                ending.asset() == null
                                                        ? null
                                                        : ending.asset().value()))
                        .param(
                                "codes",
                                column(
                                        endings,
                                        ending ->
                                                ending.code() == null
                                                        ? null
                                                        : ending.code().code()))
                        .param("messages", column(endings, Ending::message))
                        .param("uris", column(endings, Ending::sourceUri))
                        .update();
        if (done != endings.size()) {
            throw new OptimisticLockingFailureException(
                    "job "
                            + scope.job()
                            + ": "
                            + (endings.size() - done)
                            + " assets of a chunk had ended already");
        }
    }

    /**
     * Counts how the assets ended. Comes last in a chunk: all workers of the job wait for its row.
     */
    public void count(JobScope scope, List<Ending> endings) {
        jdbc.sql(COUNT)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .param("done", endings.size())
                .param("failed", endings.stream().filter(ending -> ending.code() != null).count())
                .update();
        TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        endings.forEach(ending -> counter(ending.code()).increment());
                    }
                });
    }

    private Counter counter(@Nullable ErrorCode failure) {
        return failure == null
                ? succeeded()
                : Measure.ITEMS.counter(meters, "failed", failure.code());
    }

    private Counter succeeded() {
        return Measure.ITEMS.counter(meters, "succeeded", "none");
    }

    /** Adds assets to what the job has to do, after those that it has already. */
    public void add(JobScope scope, int planned, List<AssetId> assets) {
        jdbc.sql(ADD)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .param("planned", planned)
                .param("assets", assets.stream().map(AssetId::value).toArray(String[]::new))
                .update();
    }

    /** The last asset that was added, if any was. */
    public Optional<JobItem> lastAdded(JobScope scope) {
        return jdbc.sql(LAST_ADDED)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .query(JobItems::item)
                .optional();
    }

    /**
     * Fixes how much there is to do, and in parts of which size; only the first call counts.
     *
     * @param failed how many of the items have failed already
     */
    public void countOnce(JobScope scope, int total, int failed, int partitionSize) {
        jdbc.sql(COUNT_ONCE)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .param("total", total)
                .param("failed", failed)
                .param("size", partitionSize)
                .update();
    }

    private static JobItem item(ResultSet row, int number) throws SQLException {
        String asset = row.getString("asset_id");
        return new JobItem(
                row.getInt("seq"),
                asset == null ? null : new AssetId(asset),
                row.getString("source_uri"),
                row.getInt("crashes"));
    }

    /** The partitions of the job that have unfinished items. */
    List<ItemRange> openRanges(JobScope scope) {
        return jdbc.sql(OPEN_RANGES)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .query((row, _) -> {
                    int size = row.getInt("size");
                    int after = row.getInt("number") * size;
                    return new ItemRange(after, after + size);
                })
                .list();
    }

    /** The request's own fields, as JSON. */
    public String spec(JobScope scope) {
        return jdbc.sql("select spec::text from job where org_id = :org and job_id = :job")
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .query(String.class)
                .single();
    }

    /** The place in a trace from which the job goes on, if it is in one. */
    @Nullable String traceParent(JobScope scope) {
        return jdbc.sql("select trace_parent from job where org_id = :org and job_id = :job")
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .query((row, _) -> Optional.ofNullable(row.getString("trace_parent")))
                .single()
                .orElse(null);
    }

    /**
     * Stops the job, on all its workers, as one that failed.
     *
     * @param code why
     */
    public void giveUp(JobScope scope, ErrorCode code) {
        jdbc.sql(
                        "update job set stop_requested_at = coalesce(stop_requested_at, now()),"
                                + " stop_code = coalesce(stop_code, :code)"
                                + " where org_id = :org and job_id = :job")
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .param("code", code.code())
                .update();
    }

    /** Whether the job is about one asset that its request named. */
    public boolean isAboutOne(JobScope scope) {
        return jdbc.sql(
                        "select asset_id is not null from job"
                                + " where org_id = :org and job_id = :job")
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .query(Boolean.class)
                .single();
    }

    /** How many assets of the job have failed since an operator started it last. */
    public long failed(JobScope scope) {
        return jdbc.sql(
                        "select failed - failed_before from job"
                                + " where org_id = :org and job_id = :job")
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .query(Long.class)
                .single();
    }

    /** How many partitions of the job are being worked on. */
    public int runningPartitions(JobScope scope) {
        return jdbc.sql(
                        """
                        select count(*)
                        from job j
                        join running_partition p on p.job_execution_id = j.job_execution_id
                        where j.org_id = :org and j.job_id = :job
                        """)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .query(Integer.class)
                .single();
    }

    /** Whether an operator asked the job to stop. */
    public boolean stopRequested(JobScope scope) {
        return jdbc.sql(
                        "select stop_requested_at is not null from job"
                                + " where org_id = :org and job_id = :job")
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .query(Boolean.class)
                .single();
    }

    /** Makes the failed assets that are to be done again ones that are still to do. */
    void reopen(JobScope scope, Redo redo) {
        int reopened = redo.only() == Only.UNFINISHED ? 0 : reopenFailed(scope, redo.codes());
        jdbc.sql(UNCOUNT)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .param("reopened", reopened)
                .update();
    }

    private int reopenFailed(JobScope scope, List<ErrorCode> codes) {
        JdbcClient.StatementSpec statement =
                codes.isEmpty()
                        ? jdbc.sql(REOPEN)
                        : jdbc.sql(REOPEN + " and code = any(:codes)")
                                .param(
                                        "codes",
                                        codes.stream().map(ErrorCode::code).toArray(String[]::new));
        return statement
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .update();
    }

    /**
     * The failed assets of a job, in the job's order.
     *
     * @param code only those that failed with it, {@code null} for all
     * @param after the last place of the page before, 0 for the first page
     */
    public List<FailedItem> failures(JobScope scope, @Nullable String code, int after, int limit) {
        return jdbc.sql(FAILURES)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .param("code", code)
                .param("after", after)
                .param("limit", limit)
                .query((row, _) ->
                        new FailedItem(
                                row.getInt("seq"),
                                row.getString("asset_id"),
                                row.getString("source_uri"),
                                row.getString("code"),
                                row.getString("message"),
                                row.getInt("attempts"),
                                row.getObject("ended_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    private static @Nullable String[] column(
            List<Ending> endings, Function<Ending, @Nullable String> value) {
        return endings.stream().map(value).toArray(String[]::new);
    }
}
