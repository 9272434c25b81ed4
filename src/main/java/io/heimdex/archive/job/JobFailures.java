package io.heimdex.archive.job;

import io.heimdex.archive.problem.ErrorCode;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The failed assets of jobs as a whole: why they failed, and what doing them again would mean. */
@Repository
public class JobFailures {

    private static final int SAMPLE = 10;

    private static final String OF_JOB =
            " from job_item where org_id = :org and job_id = :job and outcome = 'failed'";

    private static final String BY_CODE =
            "select code, count(*) as count" + OF_JOB + " group by code order by count desc, code";

    private static final String OPEN_SAMPLE =
            """
            (select seq, asset_id from job_item
             where org_id = :org and job_id = :job and outcome is null
             order by seq limit :limit)
            """;

    private static final String FAILED_SAMPLE =
            "(select seq, asset_id" + OF_JOB + " order by seq limit :limit)";

    /** Each code by itself, in the order of the index. */
    private static final String SAMPLE_OF_CODES =
            """
            (select f.seq, f.asset_id from unnest(:codes) as wanted (code)
             cross join lateral (
                select seq, asset_id from job_item
                where org_id = :org and job_id = :job and outcome = 'failed' and code = wanted.code
                order by seq limit :limit) f)
            """;

    private final JdbcClient jdbc;

    JobFailures(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * How many assets of a job failed with a code.
     *
     * @param title what the code means
     */
    public record OfCode(String code, long count, String title) {}

    /**
     * What a restart would take.
     *
     * @param sample the first of them, as far as they are known to be assets
     */
    public record Preview(long count, List<String> sample) {}

    /** The job's failures, the most frequent code first. */
    public List<OfCode> byCode(JobScope scope) {
        return jdbc.sql(BY_CODE)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .query((row, _) -> {
                    String code = row.getString("code");
                    return new OfCode(
                            code,
                            row.getLong("count"),
                            ErrorCode.find(code).map(ErrorCode::title).orElse(code));
                })
                .list();
    }

    /** Whether there are failed assets that would be done again. */
    boolean any(JobScope scope, Redo redo) {
        return redo.failed()
                && statement("select exists (select" + failed(redo) + ")", scope, redo)
                        .query(Boolean.class)
                        .single();
    }

    /**
     * What would be done again.
     *
     * @param open how many assets have no outcome yet
     * @param failed how many have failed, whatever their codes
     */
    Preview preview(JobScope scope, Redo redo, long open, long failed) {
        long again = redo.codes().isEmpty() ? failed : count(scope, redo);
        String samples =
                OPEN_SAMPLE
                        + (redo.failed()
                                ? " union all "
                                        + (redo.codes().isEmpty() ? FAILED_SAMPLE : SAMPLE_OF_CODES)
                                : "");
        List<String> sample =
                statement(
                                "select asset_id from (select asset_id from ("
                                        + samples
                                        + ") s order by seq limit :limit) s where asset_id is not null",
                                scope,
                                redo)
                        .param("limit", SAMPLE)
                        .query((row, _) -> row.getString(1))
                        .list();
        return new Preview(redo.failed() ? open + again : open, sample);
    }

    private long count(JobScope scope, Redo redo) {
        return statement("select count(*)" + failed(redo), scope, redo).query(Long.class).single();
    }

    private static String failed(Redo redo) {
        return OF_JOB + (redo.codes().isEmpty() ? "" : " and code = any(:codes)");
    }

    private JdbcClient.StatementSpec statement(String sql, JobScope scope, Redo redo) {
        return jdbc.sql(sql)
                .param("org", scope.org().value())
                .param("job", scope.job().value())
                .param("codes", redo.codes().stream().map(ErrorCode::code).toArray(String[]::new));
    }
}
