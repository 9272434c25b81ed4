package io.heimdex.archive.job;

import io.heimdex.archive.tenancy.OrgId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The attempts of a job, read from Spring Batch's own tables. */
@Repository
public class Executions {

    private static final String EXECUTIONS =
            """
            select e.job_execution_id, e.status, e.exit_code, e.create_time, e.start_time, e.end_time
            from job_state s
            join batch_job_execution e on e.job_instance_id = s.job_instance_id
            where s.org_id = :org and s.job_id = :job
            order by e.job_execution_id
            """;

    private static final String STEPS =
            """
            select t.job_execution_id, t.step_name, t.status, t.exit_code, t.start_time, t.end_time,
                   t.read_count, t.write_count, t.commit_count, t.rollback_count,
                   t.read_skip_count + t.process_skip_count + t.write_skip_count as skip_count,
                   p.worker
            from job_state s
            join batch_job_execution e on e.job_instance_id = s.job_instance_id
            join batch_step_execution t on t.job_execution_id = e.job_execution_id
            left join running_partition p on p.step_execution_id = t.step_execution_id
            where s.org_id = :org and s.job_id = :job
            order by t.step_execution_id
            """;

    private static final String GOT_TO_WORK =
            """
            select exists (
                    select from job j
                    join batch_step_execution t on t.job_execution_id = j.job_execution_id
                    where j.job_id = :job and t.commit_count > 0)
                or exists (
                    select from job j
                    join job_item i on i.org_id = j.org_id and i.job_id = j.job_id
                    where j.job_id = :job and i.outcome is null and i.taken_by is not null)
            """;

    private final JdbcClient jdbc;

    Executions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One attempt, in Spring Batch's words.
     *
     * @param attempt from 1
     */
    public record Attempt(
            int attempt,
            long jobExecutionId,
            String batchStatus,
            String exitCode,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            List<StepRun> steps) {}

    /**
     * One step of an attempt. Its counts include what was rolled back.
     *
     * @param worker who has this partition in hand now
     * @param committed how many chunks were committed
     * @param partitions of a step that was cut into some
     */
    public record StepRun(
            String name,
            @Nullable String worker,
            String batchStatus,
            String exitCode,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            long read,
            long written,
            long skipped,
            long committed,
            long rolledBack,
            List<StepRun> partitions) {

        private StepRun with(List<StepRun> partitions) {
            return new StepRun(
                    name,
                    worker,
                    batchStatus,
                    exitCode,
                    startedAt,
                    finishedAt,
                    read,
                    written,
                    skipped,
                    committed,
                    rolledBack,
                    partitions);
        }
    }

    private record Row(
            long id,
            String status,
            String exitCode,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt) {}

    private record StepRow(long execution, StepRun step) {}

    /**
     * All attempts of the job, oldest first; none if the org has no such job or nobody started it.
     */
    public List<Attempt> of(OrgId org, JobId job) {
        Map<Long, List<StepRun>> steps =
                jdbc
                        .sql(STEPS)
                        .param("org", org.value())
                        .param("job", job.value())
                        .query(Executions::step)
                        .list()
                        .stream()
                        .collect(
                                Collectors.groupingBy(
                                        StepRow::execution,
                                        Collectors.mapping(StepRow::step, Collectors.toList())));
        return jdbc.sql(EXECUTIONS)
                .param("org", org.value())
                .param("job", job.value())
                .query((row, number) ->
                        attempt(
                                number + 1,
                                row(row),
                                steps.getOrDefault(row.getLong("job_execution_id"), List.of())))
                .list();
    }

    /** Whether the job's last execution committed anything, or has assets in hand. */
    boolean gotToWork(JobId job) {
        return jdbc.sql(GOT_TO_WORK).param("job", job.value()).query(Boolean.class).single();
    }

    private static Attempt attempt(int number, Row row, List<StepRun> steps) {
        return new Attempt(
                number,
                row.id(),
                row.status(),
                row.exitCode(),
                row.startedAt(),
                row.finishedAt(),
                nested(steps));
    }

    /** Each partition below the step whose name its own begins with. */
    private static List<StepRun> nested(List<StepRun> steps) {
        Map<String, List<StepRun>> partitions =
                steps.stream()
                        .filter(Executions::isPartition)
                        .collect(
                                Collectors.groupingBy(step -> PartitionedStep.stepOf(step.name())));
        return steps.stream()
                .filter(step -> !isPartition(step))
                .map(step -> step.with(partitions.getOrDefault(step.name(), List.of())))
                .toList();
    }

    private static boolean isPartition(StepRun step) {
        return !PartitionedStep.stepOf(step.name()).equals(step.name());
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("job_execution_id"),
                row.getString("status"),
                row.getString("exit_code"),
                utc(row, "start_time"),
                utc(row, "end_time"));
    }

    private static StepRow step(ResultSet row, int number) throws SQLException {
        return new StepRow(
                row.getLong("job_execution_id"),
                new StepRun(
                        row.getString("step_name"),
                        row.getString("worker"),
                        row.getString("status"),
                        row.getString("exit_code"),
                        utc(row, "start_time"),
                        utc(row, "end_time"),
                        row.getLong("read_count"),
                        row.getLong("write_count"),
                        row.getLong("skip_count"),
                        row.getLong("commit_count"),
                        row.getLong("rollback_count"),
                        List.of()));
    }

    /** Spring Batch keeps times without a zone; every node runs in UTC. */
    static @Nullable Instant utc(ResultSet row, String column) throws SQLException {
        LocalDateTime time = row.getObject(column, LocalDateTime.class);
        return time == null ? null : time.toInstant(ZoneOffset.UTC);
    }
}
