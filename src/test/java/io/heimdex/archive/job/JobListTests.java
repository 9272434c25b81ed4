package io.heimdex.archive.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.job.JobView.Status;
import io.heimdex.archive.tenancy.OrgId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * A list by status has the jobs that job_state says have it, whatever Spring Batch, the launch
 * queue and the job's own row say in combination. Nobody else sees the rows: they are rolled back.
 */
@ServiceTest
@Transactional
class JobListTests {

    private static final int PAGE = 100;

    /**
     * Left out is what cannot be: an asset that failed is counted, until a restart of that very
     * execution does it again. Pairs of jobs were requested at the same time.
     */
    private static final String EVERY_COMBINATION =
            """
            create temporary table combination on commit drop as
            select row_number() over () as n, gen_random_uuid() as job_id, :org as org_id,
                   nextval('batch_job_execution_seq') as id, *
            from unnest(array['COMPLETED', 'STARTING', 'STARTED', 'STOPPING', 'STOPPED', 'FAILED', 'ABANDONED',
                              'UNKNOWN', null]) as status,
                 unnest(array['COMPLETED', 'ITEM_FAILED', 'UNKNOWN']) as exit_code,
                 unnest(array['none', 'waiting', 'held']) as launch,
                 unnest(array['an-asset', null]) as asset_id,
                 unnest(array['sidecar', 'reprobe']) as type,
                 unnest(array[0, 1]) as failed,
                 unnest(array[false, true]) as stop_requested,
                 unnest(array[false, true]) as restarted
            where not (status = 'FAILED' and exit_code = 'ITEM_FAILED' and failed = 0 and not restarted)
                and (status is not null or exit_code = 'UNKNOWN');

            insert into batch_job_instance select id, 0, type, md5(job_id::text) from combination;

            insert into batch_job_execution
            select id, 0, id, localtimestamp, localtimestamp, null, status, exit_code
            from combination where status is not null;

            insert into job (org_id, job_id, type, asset_id, spec, requested_by, requested_at, job_execution_id, total,
                             done, failed, stop_requested_at, restart_of)
            select org_id, job_id, type, asset_id, '{}', 'test', now() - make_interval(secs => n / 2),
                   case when status is not null then id end, 1, failed, failed,
                   case when stop_requested then now() end,
                   case when restarted and status is not null then id end
            from combination;

            insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
            select 'launch-job', job_id, now(), launch = 'held', 1
            from combination where launch <> 'none';
            """;

    private static final String BY_DEFINITION =
            """
            select job_id from job_state
            where org_id = :org and state = :state
                and (:type::text is null or type = :type)
                and (:asset::text is null or asset_id = :asset)
                and (:since::timestamptz is null or requested_at >= :since::timestamptz)
            order by requested_at desc, job_id desc
            """;

    @Autowired Jobs jobs;
    @Autowired JdbcClient jdbc;

    private final OrgId org = new OrgId(TestApi.newOrg());

    @BeforeEach
    void everyCombination() {
        jdbc.sql(EVERY_COMBINATION).param("org", org.value()).update();
    }

    @ParameterizedTest
    @EnumSource
    void aListByStatusHasTheJobsThatHaveIt(Status status) {
        Instant middle =
                jdbc.sql("select requested_at from job where org_id = :org offset 700 limit 1")
                        .param("org", org.value())
                        .query(OffsetDateTime.class)
                        .single()
                        .toInstant();
        for (String type : new @Nullable String[] {null, "reprobe"}) {
            for (String asset : new @Nullable String[] {null, "an-asset"}) {
                for (Instant since : new @Nullable Instant[] {null, middle}) {
                    JobFilter filter = new JobFilter(type, status, asset, since);
                    assertThat(listed(org, filter))
                            .as("%s", filter)
                            .isNotEmpty()
                            .isEqualTo(byDefinition(filter));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aListByStatusHasNoJobOfAnotherOrg(Status status) {
        JobFilter filter = new JobFilter(null, status, null, null);

        assertThat(listed(new OrgId(TestApi.newOrg()), filter)).isEmpty();
    }

    @Test
    void everyJobHasExactlyOneStatus() {
        int each = 0;
        for (Status status : Status.values()) {
            each += listed(org, new JobFilter(null, status, null, null)).size();
        }

        assertThat(listed(org, new JobFilter(null, null, null, null))).hasSize(each);
    }

    private List<UUID> byDefinition(JobFilter filter) {
        return jdbc.sql(BY_DEFINITION)
                .param("org", org.value())
                .param("state", filter.status() == null ? null : filter.status().wireName())
                .param("type", filter.type())
                .param("asset", filter.assetId())
                .param("since", filter.since() == null ? null : filter.since().toString())
                .query((row, _) -> row.getObject("job_id", UUID.class))
                .list();
    }

    private List<UUID> listed(OrgId of, JobFilter filter) {
        List<UUID> ids = new ArrayList<>();
        List<JobRow> page = jobs.list(of, filter, null, PAGE);
        while (!page.isEmpty()) {
            page.forEach(row -> ids.add(row.jobId()));
            JobRow last = page.getLast();
            page = jobs.list(of, filter, new Jobs.Position(last.requestedAt(), last.jobId()), PAGE);
        }
        return ids;
    }
}
