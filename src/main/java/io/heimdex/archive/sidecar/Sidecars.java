package io.heimdex.archive.sidecar;

import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The sidecars of all assets, found by pairs of org and id as the assets are. */
@Repository
public class Sidecars {

    private static final String UPSERT =
            """
            insert into sidecar (org_id, asset_id, schema_version, prober_version, document, raw, etag, fingerprint,
                                 storage_key, previous_etag, changes, changed_at)
            select s.of_org, s.asset_id, s.schema_version, s.prober_version, s.document::jsonb, s.raw, s.etag,
                   s.fingerprint, s.storage_key, s.previous_etag, s.changes::jsonb,
                   case when s.changes is not null then now() end
            from (select :org as of_org, unnest(:ids) as asset_id, unnest(:schemas) as schema_version,
                         unnest(:probers) as prober_version, unnest(:documents) as document, unnest(:raws) as raw,
                         unnest(:etags) as etag, unnest(:fingerprints) as fingerprint, unnest(:keys) as storage_key,
                         unnest(:previous) as previous_etag, unnest(:changes) as changes) s
            where exists (select from asset a where a.org_id = s.of_org and a.asset_id = s.asset_id)
            on conflict (org_id, asset_id) do update set
                schema_version = excluded.schema_version,
                prober_version = excluded.prober_version,
                document = excluded.document,
                raw = excluded.raw,
                etag = excluded.etag,
                fingerprint = excluded.fingerprint,
                storage_key = excluded.storage_key,
                previous_etag = coalesce(excluded.previous_etag, sidecar.previous_etag),
                changes = coalesce(excluded.changes, sidecar.changes),
                changed_at = coalesce(excluded.changed_at, sidecar.changed_at),
                written_at = now()
            """;

    private static final String OTHERS =
            """
            select s.asset_id, s.etag, s.document::text as json
            from (select :org as of_org, unnest(:ids) as asset_id, unnest(:etags) as etag) n
            join sidecar s on s.org_id = n.of_org and s.asset_id = n.asset_id and s.etag <> n.etag
            """;

    private static final String SUMMARIES =
            "select asset_id, schema_version, storage_key, etag from sidecar"
                    + " where (org_id, asset_id) in (select :org, unnest(:ids))";

    private static final String CHANGES =
            "select etag, previous_etag, changed_at, coalesce(changes, '[]')::text as changes from sidecar"
                    + " where (org_id, asset_id) in (select :org, unnest(array[:id]))";

    private static final String FIND =
            """
            select asset_id, schema_version, prober_version, document::text as json,
                   coalesce(raw, 'null') as raw, etag,
                   coalesce(fingerprint, '') as fingerprint, storage_key
            from sidecar
            where (org_id, asset_id) in (select :org, unnest(:ids))
            """;

    private static final String PICTURED =
            """
            update sidecar d set document = s.document::jsonb, etag = s.etag
            from (select :org as of_org, unnest(:ids) as asset_id, unnest(:documents) as document, unnest(:etags) as etag) s
            where d.org_id = s.of_org and d.asset_id = s.asset_id
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    Sidecars(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** The sidecar of an asset, if it has one. */
    public Optional<Sidecar> find(OrgId org, AssetId id) {
        return find(org, List.of(id)).stream().findFirst();
    }

    /** The sidecars of those of the assets that have one, in no order. */
    public List<Sidecar> find(OrgId org, Collection<AssetId> ids) {
        return jdbc.sql(FIND)
                .param("org", org.value())
                .param("ids", ids.stream().map(AssetId::value).toArray(String[]::new))
                .query((row, _) ->
                        new Sidecar(
                                new AssetId(row.getString("asset_id")),
                                row.getString("schema_version"),
                                row.getString("prober_version"),
                                row.getString("json"),
                                row.getString("raw"),
                                row.getString("etag"),
                                row.getString("fingerprint"),
                                row.getString("storage_key")))
                .list();
    }

    /**
     * Keeps sidecars whose pictures alone have changed: the file is still what its last probe
     * found. The assets must be locked.
     */
    public void savePictured(OrgId org, List<Sidecar> sidecars) {
        jdbc.sql(PICTURED)
                .param("org", org.value())
                .param("ids", column(sidecars, sidecar -> sidecar.assetId().value()))
                .param("documents", column(sidecars, Sidecar::json))
                .param("etags", column(sidecars, Sidecar::etag))
                .update();
    }

    /** What lists show of the assets' sidecars; nothing for assets without one. */
    public Map<AssetId, Sidecar.Summary> summaries(OrgId org, Collection<AssetId> ids) {
        return jdbc
                .sql(SUMMARIES)
                .param("org", org.value())
                .param("ids", ids.stream().map(AssetId::value).toArray(String[]::new))
                .query((row, _) ->
                        new Sidecar.Summary(
                                new AssetId(row.getString("asset_id")),
                                row.getString("schema_version"),
                                row.getString("storage_key"),
                                row.getString("etag")))
                .list()
                .stream()
                .collect(Collectors.toMap(Sidecar.Summary::assetId, Function.identity()));
    }

    /** What the last change of the asset's sidecar changed; empty if it has none. */
    public Optional<SidecarChanges> changes(OrgId org, AssetId id) {
        return jdbc.sql(CHANGES)
                .param("org", org.value())
                .param("id", id.value())
                .query((row, _) -> {
                    OffsetDateTime at = row.getObject("changed_at", OffsetDateTime.class);
                    return new SidecarChanges(
                            id.value(),
                            row.getString("etag"),
                            row.getString("previous_etag"),
                            at == null ? null : at.toInstant(),
                            List.of(
                                    json.readValue(
                                            row.getString("changes"),
                                            SidecarChanges.Change[].class)));
                })
                .optional();
    }

    /**
     * Keeps the sidecars, each in place of its asset's earlier one, and what it changed. The assets
     * must be locked.
     */
    public void save(OrgId org, List<Sidecar> sidecars) {
        if (sidecars.isEmpty()) {
            return;
        }
        Map<String, Replaced> replaced = replaced(org, sidecars);
        jdbc.sql(UPSERT)
                .param("org", org.value())
                .param("ids", column(sidecars, sidecar -> sidecar.assetId().value()))
                .param("schemas", column(sidecars, Sidecar::schemaVersion))
                .param("probers", column(sidecars, Sidecar::proberVersion))
                .param("documents", column(sidecars, Sidecar::json))
                .param("raws", column(sidecars, Sidecar::raw))
                .param("etags", column(sidecars, Sidecar::etag))
                .param("fingerprints", column(sidecars, Sidecar::fingerprint))
                .param("keys", column(sidecars, Sidecar::storageKey))
                .param("previous", column(sidecars, sidecar -> etag(replaced, sidecar)))
                .param("changes", column(sidecars, sidecar -> changes(replaced, sidecar)))
                .update();
    }

    /** A document that a new one differs from. */
    private record Replaced(String assetId, String etag, String json) {}

    private Map<String, Replaced> replaced(OrgId org, List<Sidecar> sidecars) {
        return jdbc
                .sql(OTHERS)
                .param("org", org.value())
                .param("ids", column(sidecars, sidecar -> sidecar.assetId().value()))
                .param("etags", column(sidecars, Sidecar::etag))
                .query((row, _) ->
                        new Replaced(
                                row.getString("asset_id"),
                                row.getString("etag"),
                                row.getString("json")))
                .list()
                .stream()
                .collect(Collectors.toMap(Replaced::assetId, Function.identity()));
    }

    private static @Nullable String etag(Map<String, Replaced> replaced, Sidecar sidecar) {
        Replaced before = replaced.get(sidecar.assetId().value());
        return before == null ? null : before.etag();
    }

    private @Nullable String changes(Map<String, Replaced> replaced, Sidecar sidecar) {
        Replaced before = replaced.get(sidecar.assetId().value());
        return before == null
                ? null
                : json.writeValueAsString(
                        DocumentDiff.of(
                                Sidecar.tree(before.json()),
                                Sidecar.tree(sidecar.json()),
                                SidecarChanges.MAX_CHANGES));
    }

    private static @Nullable String[] column(
            List<Sidecar> sidecars, Function<Sidecar, @Nullable String> value) {
        return sidecars.stream().map(value).toArray(String[]::new);
    }
}
