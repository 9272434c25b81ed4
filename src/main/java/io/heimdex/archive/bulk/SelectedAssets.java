package io.heimdex.archive.bulk;

import io.heimdex.archive.bulk.Selection.Which;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.sidecar.SidecarDocument;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Finds the assets of a selection, as the catalogue is when it is asked. */
@Repository
public class SelectedAssets {

    /**
     * {@code {which}} is the predicate of the selection's state, {@code {code}} why it failed. What
     * is joined is found by its whole key, however few assets the planner takes the org to have:
     * for that, the org is none that it knows.
     */
    private static final String FROM =
            """
            from asset a
            cross join (select :org as of_org offset 0) o
            left join sidecar s on s.org_id = o.of_org and s.asset_id = a.asset_id
            left join thumbnail_set t on t.org_id = o.of_org and t.asset_id = a.asset_id
            where a.org_id = :org and {which}
                and (:codes::text[] is null or {code} = any(:codes))
                and (:prefix::text is null or starts_with(a.source_uri, :prefix))
                and (:ids::text[] is null or a.asset_id = any(:ids))
                and (:before::timestamptz is null or s.written_at < :before)
            """;

    private static final String PLACE =
            """
            select from asset_source p
            where p.org_id = a.org_id and p.source_uri = a.source_uri and p.asset_id = a.asset_id
            """;

    /** From one org's first asset to the next org's, as there are many more assets than orgs. */
    private static final String ORGS =
            """
            with recursive org as (
                (select org_id from asset order by org_id limit 1)
                union all
                select (select a.org_id from asset a where a.org_id > o.org_id order by a.org_id limit 1)
                from org o
                where o.org_id is not null)
            select org_id from org where org_id is not null
            """;

    private final JdbcClient jdbc;
    private final MediaProber prober;

    SelectedAssets(JdbcClient jdbc, MediaProber prober) {
        this.jdbc = jdbc;
        this.prober = prober;
    }

    /** How many there are. */
    public long count(OrgId org, RunType type, Selection selection) {
        return statement("select count(*) " + FROM, org, type, selection)
                .query(Long.class)
                .single();
    }

    /**
     * Some of them, by id.
     *
     * @param after the last id of the page before, {@code null} for the first page
     */
    public List<AssetId> page(
            OrgId org, RunType type, Selection selection, @Nullable AssetId after, int limit) {
        return statement(
                        "select a.asset_id "
                                + FROM
                                + " and (:after::text is null or a.asset_id > :after)"
                                + " order by a.asset_id limit :limit",
                        org,
                        type,
                        selection)
                .param("after", after == null ? null : after.value())
                .param("limit", limit)
                .query((row, _) -> new AssetId(row.getString(1)))
                .list();
    }

    /** The organisations that have assets. */
    List<OrgId> orgs() {
        return jdbc.sql(ORGS).query((row, _) -> new OrgId(row.getString(1))).list();
    }

    /** Whether the organisation has assets. */
    boolean of(OrgId org) {
        return jdbc.sql("select exists (select from asset where org_id = :org)")
                .param("org", org.value())
                .query(Boolean.class)
                .single();
    }

    private JdbcClient.StatementSpec statement(
            String sql, OrgId org, RunType type, Selection selection) {
        Which which = Objects.requireNonNull(selection.which());
        boolean pictures = type == RunType.THUMBNAILS;
        JdbcClient.StatementSpec statement =
                jdbc.sql(
                                sql.replace(
                                                "{which}",
                                                pictures ? withPictures(which) : withSidecar(which))
                                        .replace("{code}", pictures ? "t.code" : "a.failure_code"))
                        .param("org", org.value())
                        .param("codes", array(selection.failureCodes()))
                        .param("prefix", selection.sourcePrefix())
                        .param("ids", array(selection.assetIds()))
                        .param(
                                "before",
                                selection.probedBefore() == null
                                        ? null
                                        : selection.probedBefore().atOffset(ZoneOffset.UTC));
        if (which != Which.STALE) {
            return statement;
        }
        return pictures
                ? statement.param("ffmpeg", prober.tools().ffmpeg())
                : statement
                        .param("prober", prober.tools().ffprobe())
                        .param("schema", SidecarDocument.SCHEMA_VERSION);
    }

    private static String withSidecar(Which which) {
        return switch (which) {
            case MISSING -> "s.asset_id is null and a.status <> 'failed'";
            case FAILED -> "a.status = 'failed' and a.status <> 'ready'";
            case CHANGED -> "exists (" + PLACE + " and p.fingerprint <> s.fingerprint)";
            case STALE -> "(s.prober_version <> :prober or s.schema_version <> :schema)";
            case ALL -> "true";
        };
    }

    /** Only a sidecar tells what there is to see. */
    private static String withPictures(Which which) {
        return "s.asset_id is not null and "
                + switch (which) {
                    case MISSING -> "t.asset_id is null";
                    case FAILED -> "t.state = 'failed'";
                    case CHANGED -> "exists (" + PLACE + " and p.fingerprint <> t.fingerprint)";
                    case STALE -> "t.state = 'ready' and t.ffmpeg_version <> :ffmpeg";
                    case ALL -> "true";
                };
    }

    private static String @Nullable [] array(@Nullable List<String> values) {
        return values == null ? null : values.toArray(String[]::new);
    }
}
