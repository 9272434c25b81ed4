package io.heimdex.archive.job;

import io.heimdex.archive.job.JobView.Status;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The statement that lists jobs. It names only the criteria that are set, so that PostgreSQL can
 * use an index for each.
 *
 * <p>Nearly all jobs of a long history have succeeded. Others are looked for only where they can
 * be: among the executions that did not complete, the launches, and the jobs that never started or
 * whose asset failed. Which of those jobs have the state is left to {@code job_state}.
 */
final class JobListQuery {

    private static final Source ALL = new Source("job j", "true");
    private static final Source MAY_HAVE_SUCCEEDED =
            new Source("job j", "(j.asset_id is null or j.failed = 0)");
    private static final Source NEVER_STARTED = new Source("job j", "j.job_execution_id is null");
    private static final Source WITH_FAILED_ASSET =
            new Source(
                    "job j",
                    "j.asset_id is not null and (j.failed > 0 or j.restart_of = j.job_execution_id)");

    private JobListQuery() {}

    private record Source(String from, String condition) {

        private static final String EXECUTIONS =
                """
                batch_job_execution e
                cross join lateral (select * from job where job_execution_id = e.job_execution_id limit 1) j
                """;

        private static final String LAUNCHES =
                """
                job_launch l
                cross join lateral (select * from job where job_id = l.job_id limit 1) j
                """;

        private static final String NOT_COMPLETED =
                "e.status <> 'COMPLETED' and (e.status <> 'FAILED' or e.exit_code is distinct from 'ITEM_FAILED')"
                        + " and e.status in ";

        static Source executions(String statuses) {
            return new Source(EXECUTIONS, NOT_COMPLETED + statuses);
        }

        static Source launches(String condition) {
            return new Source(LAUNCHES, condition);
        }

        /**
         * The limit of one makes PostgreSQL look the jobs up one by one, in order and no more than
         * needed, instead of working out the state of all.
         */
        String select(String criteria) {
            return """
            (select s.job_id, s.type, s.config, s.asset_id, s.state, s.requested_at, s.total, s.done, s.failed
            from %s
            cross join lateral (select * from job_state where org_id = :org and job_id = j.job_id limit 1) s
            where j.org_id = :org and %s%s
            order by j.requested_at desc, j.job_id desc
            limit :limit)
            """
                    .formatted(from, condition, criteria);
        }
    }

    /**
     * The statement, with a parameter for the org, the limit and each criterion that is set.
     *
     * @param continued whether it goes on after {@code :lastTime} and {@code :lastJob}
     */
    static String of(JobFilter filter, boolean continued) {
        String criteria = criteria(filter, continued);
        return sources(filter).stream()
                .map(source -> source.select(criteria))
                .collect(
                        Collectors.joining(
                                "union\n",
                                "select * from (\n",
                                ") found\norder by requested_at desc, job_id desc\nlimit :limit"));
    }

    private static List<Source> sources(JobFilter filter) {
        Status status = filter.status();
        if (status == null || filter.assetId() != null) {
            return List.of(ALL);
        }
        return switch (status) {
            case SUCCEEDED -> List.of(MAY_HAVE_SUCCEEDED);
            case QUEUED -> List.of(Source.launches("true"), Source.executions("('STARTING')"));
            case RUNNING ->
                    List.of(
                            Source.launches("l.picked"),
                            Source.executions("('STARTED', 'STOPPING')"));
            case STOPPED -> List.of(NEVER_STARTED, Source.executions("('STOPPED')"));
            case FAILED ->
                    List.of(
                            NEVER_STARTED,
                            WITH_FAILED_ASSET,
                            Source.executions("('FAILED', 'ABANDONED', 'UNKNOWN')"));
        };
    }

    private static String criteria(JobFilter filter, boolean continued) {
        StringBuilder criteria = new StringBuilder();
        add(criteria, filter.status(), "s.state = :state");
        add(criteria, filter.type(), "j.type = :type");
        add(criteria, filter.assetId(), "j.asset_id = :asset");
        add(criteria, filter.since(), "j.requested_at >= :since");
        if (continued) {
            criteria.append(" and (j.requested_at, j.job_id) < (:lastTime, :lastJob)");
        }
        return criteria.toString();
    }

    private static void add(StringBuilder criteria, @Nullable Object value, String criterion) {
        if (value != null) {
            criteria.append(" and ").append(criterion);
        }
    }
}
