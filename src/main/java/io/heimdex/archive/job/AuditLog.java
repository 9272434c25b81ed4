package io.heimdex.archive.job;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.OrgId;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Who did what to which job, refused tries included. Rows are added and never changed. */
@Repository
public class AuditLog {

    private static final String SYSTEM = "system";

    private static final String INSERT =
            """
            insert into audit (org_id, user_name, action, job_id, outcome, code)
            values (:org, :user, :action, :job, :outcome, :code)
            """;

    private static final String LIST =
            """
            select audit_id, at, user_name, action, job_id, outcome, code
            from audit
            where org_id = :org\
            """;

    private final JdbcClient jdbc;

    AuditLog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One try.
     *
     * @param code why it was refused, {@code null} if it was not
     */
    public record Entry(
            long auditId,
            Instant at,
            String user,
            String action,
            UUID jobId,
            String outcome,
            @Nullable String code) {}

    /** Adds a row in the caller's transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    void add(Caller caller, String action, JobId job, @Nullable ErrorCode refusal) {
        insert(caller.org(), caller.user(), action, job, refusal);
    }

    /** Adds a row about what the service did by itself, in the caller's transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    void addBySystem(JobScope scope, String action) {
        insert(scope.org(), SYSTEM, action, scope.job(), null);
    }

    private void insert(
            OrgId org, String user, String action, JobId job, @Nullable ErrorCode refusal) {
        jdbc.sql(INSERT)
                .param("org", org.value())
                .param("user", user)
                .param("action", action)
                .param("job", job.value())
                .param("outcome", refusal == null ? "done" : "refused")
                .param("code", refusal == null ? null : refusal.code())
                .update();
    }

    /**
     * The org's rows that fit the filter, newest first. Only criteria that are set are named, so
     * that PostgreSQL can use an index for each.
     *
     * @param before the id of the last row of the page before, {@code null} for the first page
     */
    public List<Entry> list(OrgId org, AuditFilter filter, @Nullable Long before, int limit) {
        Map<String, Object> criteria = new LinkedHashMap<>();
        put(criteria, "action = :action", filter.action());
        put(criteria, "job_id = :job", filter.job() == null ? null : filter.job().value());
        put(criteria, "user_name = :user", filter.user());
        put(
                criteria,
                "at >= :since",
                filter.since() == null ? null : filter.since().atOffset(ZoneOffset.UTC));
        put(criteria, "audit_id < :before", before);
        String and = criteria.keySet().stream().map(" and "::concat).collect(Collectors.joining());
        JdbcClient.StatementSpec statement =
                jdbc.sql(LIST + and + " order by audit_id desc limit :limit")
                        .param("org", org.value())
                        .param("limit", limit);
        criteria.forEach((criterion, value) ->
                statement.param(criterion.substring(criterion.indexOf(':') + 1), value));
        return statement
                .query((row, _) ->
                        new Entry(
                                row.getLong("audit_id"),
                                row.getObject("at", OffsetDateTime.class).toInstant(),
                                row.getString("user_name"),
                                row.getString("action"),
                                row.getObject("job_id", UUID.class),
                                row.getString("outcome"),
                                row.getString("code")))
                .list();
    }

    private static void put(
            Map<String, Object> criteria, String criterion, @Nullable Object value) {
        if (value != null) {
            criteria.put(criterion, value);
        }
    }
}
