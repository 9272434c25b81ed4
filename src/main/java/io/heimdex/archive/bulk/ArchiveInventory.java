package io.heimdex.archive.bulk;

import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.storage.FoundFile;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Compares an archive with what the catalogue has of it. */
@Repository
public class ArchiveInventory {

    /**
     * A file is known if its fingerprint is, if its content was probed, and if its asset would not
     * get a better id now; the others are added to the job.
     */
    private static final String COMPARE =
            """
            with found as (
                select :org as of_org, unnest(:uris) as source_uri, unnest(:sizes) as size_bytes,
                       unnest(:fingerprints) as fingerprint
            ), known as (
                update asset_source p set seen_job = :job
                from found f, asset a
                where p.org_id = f.of_org and p.source_uri = f.source_uri and p.fingerprint = f.fingerprint
                    and p.missing_since is null
                    and a.org_id = p.org_id and a.asset_id = p.asset_id
                    and not (a.asset_id like 'weak:%' and f.size_bytes <= :strongLimit and f.source_uri not like 'gs:%')
                    and (a.status = 'failed' or exists (
                        select from sidecar s where s.org_id = a.org_id and s.asset_id = a.asset_id))
                returning p.source_uri
            ), added as (
                insert into job_item (org_id, job_id, seq, source_uri)
                select :org, :job, :planned + row_number() over (order by f.source_uri), f.source_uri
                from found f
                where f.source_uri not in (select source_uri from known)
                returning 1
            )
            select (select count(*) from known) as unchanged, (select count(*) from added) as added
            """;

    private static final String UNREADABLE =
            """
            insert into job_item (org_id, job_id, seq, source_uri, outcome, code, message, attempts, ended_at)
            select :org, :job, :planned + u.n, u.uri, 'failed', u.code, u.message, 1, now()
            from unnest(:uris, :codes, :messages) with ordinality as u (uri, code, message, n)
            """;

    private static final String FORGET =
            "delete from job_item where org_id = :org and job_id = :job and seq > :planned";

    private static final String COUNT_UNCHANGED =
            "update job set unchanged = :unchanged where org_id = :org and job_id = :job";

    /**
     * What the scan did not come across is missing, unless it may be where the scan could not look.
     */
    private static final String MARK_MISSING =
            """
            with gone as (
                update asset_source p set missing_since = now()
                where p.org_id = :org and starts_with(p.source_uri, :prefix)
                    and p.seen_job is distinct from :job and p.missing_since is null
                    and not exists (
                        select from job_item i
                        where i.org_id = :org and i.job_id = :job and i.source_uri = p.source_uri)
                    and not exists (
                        select from job_item i
                        where i.org_id = :org and i.job_id = :job and i.asset_id is null
                            and i.outcome = 'failed' and starts_with(p.source_uri, i.source_uri || '/'))
                returning p.asset_id, p.source_uri
            ), failed as (
                update asset a
                set status = 'failed', failure_code = 'source_not_found',
                    failure_message = 'The file is not in the archive any more.',
                    failure_attempts = a.failure_attempts + 1, failure_at = now(), updated_at = now()
                where a.org_id = :org and a.asset_id in (select asset_id from gone)
                    and not exists (
                        select from asset_source o
                        where o.org_id = a.org_id and o.asset_id = a.asset_id and o.missing_since is null
                            and o.source_uri not in (select source_uri from gone))
                returning 1
            )
            update job set missing = (select count(*) from gone)
            where org_id = :org and job_id = :job
            """;

    private final JdbcClient jdbc;

    ArchiveInventory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** How many of some files are known, and how many the job has to look into. */
    public record Compared(int unchanged, int added) {}

    /**
     * Starts the inventory, or goes on with it.
     *
     * @param planned how many items of the job stay; 0 begins anew
     */
    public void begin(JobScope scope, int planned) {
        statement(FORGET, scope).param("planned", planned).update();
    }

    /**
     * Compares files with the catalogue and adds those that are new or changed to the job.
     *
     * @param strongLimit the largest file in bytes that gets a strong id
     * @param planned how many items the job has already
     */
    public Compared compare(JobScope scope, List<FoundFile> files, long strongLimit, int planned) {
        return statement(COMPARE, scope)
                .param("uris", files.stream().map(file -> file.uri().text()).toArray(String[]::new))
                .param("sizes", files.stream().map(FoundFile::sizeBytes).toArray(Long[]::new))
                .param(
                        "fingerprints",
                        files.stream().map(FoundFile::fingerprint).toArray(String[]::new))
                .param("strongLimit", strongLimit)
                .param("planned", planned)
                .query(Compared.class)
                .single();
    }

    /** What a walk could not read; of a folder nothing below it was. */
    public record Unread(String uri, ErrorCode code, String message) {}

    /**
     * Enters what the walk could not read into the job's failures.
     *
     * @param planned how many items the job has already
     */
    public void unreadable(JobScope scope, int planned, List<Unread> unread) {
        if (unread.isEmpty()) {
            return;
        }
        statement(UNREADABLE, scope)
                .param("planned", planned)
                .param("uris", unread.stream().map(Unread::uri).toArray(String[]::new))
                .param(
                        "codes",
                        unread.stream().map(one -> one.code().code()).toArray(String[]::new))
                .param("messages", unread.stream().map(Unread::message).toArray(String[]::new))
                .update();
    }

    public void countUnchanged(JobScope scope, long unchanged) {
        statement(COUNT_UNCHANGED, scope).param("unchanged", unchanged).update();
    }

    /**
     * Marks the files below the folder that the scan did not see, and assets that have no other.
     */
    public void markMissing(JobScope scope, SourceUri folder) {
        statement(MARK_MISSING, scope).param("prefix", folder.text() + "/").update();
    }

    /** Whether the catalogue has files below the folder that are not known to be missing. */
    public boolean hasFiles(OrgId org, SourceUri folder) {
        return jdbc.sql(
                        "select exists (select from asset_source where org_id = :org"
                                + " and missing_since is null and starts_with(source_uri, :prefix))")
                .param("org", org.value())
                .param("prefix", folder.text() + "/")
                .query(Boolean.class)
                .single();
    }

    private JdbcClient.StatementSpec statement(String sql, JobScope scope) {
        return jdbc.sql(sql).param("org", scope.org().value()).param("job", scope.job().value());
    }
}
