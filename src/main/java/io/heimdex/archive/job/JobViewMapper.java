package io.heimdex.archive.job;

import io.heimdex.archive.job.JobView.Batch;
import io.heimdex.archive.job.JobView.Counts;
import io.heimdex.archive.job.JobView.Failure;
import io.heimdex.archive.job.JobView.Progress;
import io.heimdex.archive.job.JobView.Result;
import io.heimdex.archive.job.JobView.Status;
import io.heimdex.archive.problem.ErrorCode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/** Reads a job together with its current execution. */
final class JobViewMapper implements RowMapper<JobView> {

    @Override
    public JobView mapRow(ResultSet row, int number) throws SQLException {
        String batchStatus = row.getString("batch_status");
        Status status = Status.of(row.getString("state"));
        Instant startedAt = Executions.utc(row, "start_time");
        Instant finishedAt = status.ended() ? Executions.utc(row, "end_time") : null;
        return new JobView(
                row.getString("job_id"),
                row.getString("type"),
                row.getString("asset_id"),
                row.getString("config"),
                status,
                startedAt,
                finishedAt,
                status.ended() ? result(row) : null,
                status == Status.FAILED ? failure(row) : null,
                progress(row, status, startedAt, finishedAt),
                row.getInt("attempt"),
                batchStatus == null
                        ? null
                        : new Batch(
                                row.getLong("job_instance_id"),
                                row.getLong("job_execution_id"),
                                batchStatus,
                                row.getString("exit_code")));
    }

    private static Result result(ResultSet row) throws SQLException {
        long failed = row.getLong("failed");
        long succeeded = row.getLong("done") - failed;
        String asset = row.getString("asset_id");
        return new Result(
                asset != null && succeeded > 0 ? "/v1/assets/" + asset + "/sidecar" : null,
                List.of((String[]) row.getArray("thumbnails").getArray()),
                new Counts(
                        row.getLong("total") + row.getLong("unchanged"),
                        succeeded,
                        failed,
                        row.getLong("unchanged"),
                        row.getLong("missing")));
    }

    private static Failure failure(ResultSet row) throws SQLException {
        String stop = row.getString("stop_code");
        if (stop != null) {
            ErrorCode code = ErrorCode.valueOf(stop.toUpperCase(Locale.ROOT));
            return new Failure(stop, code.title() + ".");
        }
        String code = row.getString("failure_code");
        return code == null
                ? new Failure(
                        ErrorCode.JOB_FAILED.code(),
                        "The job stopped before its end through a fault of the service.")
                : new Failure(
                        code, Objects.requireNonNullElse(row.getString("failure_message"), ""));
    }

    /**
     * The rate of the last minute, by the database's clock; of the whole attempt once that has
     * ended.
     */
    private static Progress progress(
            ResultSet row, Status status, @Nullable Instant startedAt, @Nullable Instant finishedAt)
            throws SQLException {
        long total = row.getLong("total");
        long done = row.getLong("done");
        Double rate = null;
        Instant eta = null;
        if (finishedAt != null && startedAt != null) {
            rate = perSecond(done - row.getLong("attempt_done"), startedAt, finishedAt);
        } else if (status == Status.RUNNING && done > row.getLong("attempt_done")) {
            Instant now = row.getObject("now", OffsetDateTime.class).toInstant();
            OffsetDateTime from = row.getObject("rate_from", OffsetDateTime.class);
            rate = perSecond(done - row.getLong("rate_from_done"), from.toInstant(), now);
            eta = rate > 0 ? now.plusMillis(Math.round((total - done) / rate * 1000)) : null;
        }
        return new Progress(total, done, row.getLong("failed"), rate, eta, row.getInt("workers"));
    }

    private static double perSecond(long count, Instant from, Instant to) {
        double seconds = Math.max(1, Duration.between(from, to).toMillis()) / 1000.0;
        return Math.round(count / seconds * 100) / 100.0;
    }
}
