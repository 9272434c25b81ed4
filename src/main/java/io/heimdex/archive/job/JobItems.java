package io.heimdex.archive.job;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.storage.AssetId;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The assets of a job: what is still to do, and how each ended. */
@Repository
public class JobItems {

    private static final String NEXT =
            """
            select seq, asset_id
            from job_item
            where org_id = :org and job_id = :job and seq > :after and outcome is null
            order by seq
            limit :limit
            """;

    private static final String FINISH =
            """
            update job_item i
            set outcome = case when f.code is null then 'succeeded' else 'failed' end,
                code = f.code, message = f.message, attempts = i.attempts + 1, ended_at = now()
            from unnest(:seqs, :codes, :messages) as f (seq, code, message)
            where i.org_id = :org and i.job_id = :job and i.seq = f.seq and i.outcome is null
            """;

    private static final String COUNT =
            """
            update job set done = done + :done, failed = failed + :failed
            where org_id = :org and job_id = :job
            """;

    private final JdbcClient jdbc;

    JobItems(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * How one asset of a job ended.
     *
     * @param code why it failed, {@code null} if it did not
     */
    public record Ending(int seq, @Nullable ErrorCode code, @Nullable String message) {}

    /** The next unfinished assets of the job after the given place. */
    public List<JobItem> next(JobScope scope, int after, int limit) {
        return jdbc.sql(NEXT)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .param("after", after)
                .param("limit", limit)
                .query((row, _) ->
                        new JobItem(row.getInt("seq"), new AssetId(row.getString("asset_id"))))
                .list();
    }

    /**
     * Records how the assets ended, and counts them. An asset that has ended already is neither
     * changed nor counted.
     */
    public void finish(JobScope scope, List<Ending> endings) {
        int done =
                jdbc.sql(FINISH)
                        .param("org", scope.org().value())
                        .param("job", scope.job().value())
                        .param("seqs", endings.stream().map(Ending::seq).toArray(Integer[]::new))
                        .param(
                                "codes",
                                column(
                                        endings,
                                        ending ->
                                                ending.code() == null
                                                        ? null
                                                        : ending.code().code()))
                        .param("messages", column(endings, Ending::message))
                        .update();
        if (done != endings.size()) {
            throw new IllegalStateException(
                    "job "
                            + scope.job()
                            + ": "
                            + (endings.size() - done)
                            + " assets of a chunk had ended already");
        }
        jdbc.sql(COUNT)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .param("done", done)
                .param("failed", endings.stream().filter(ending -> ending.code() != null).count())
                .update();
    }

    private static @Nullable String[] column(
            List<Ending> endings, Function<Ending, @Nullable String> value) {
        return endings.stream().map(value).toArray(String[]::new);
    }
}
