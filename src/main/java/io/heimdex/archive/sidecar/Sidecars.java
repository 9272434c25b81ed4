package io.heimdex.archive.sidecar;

import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The sidecars of all assets. */
@Repository
public class Sidecars {

    private static final String UPSERT =
            """
            insert into sidecar (org_id, asset_id, schema_version, prober_version, document, raw, etag, fingerprint,
                                 storage_key)
            select :org, s.asset_id, s.schema_version, s.prober_version, s.document::jsonb, s.raw, s.etag,
                   s.fingerprint, s.storage_key
            from unnest(:ids, :schemas, :probers, :documents, :raws, :etags, :fingerprints, :keys)
                as s (asset_id, schema_version, prober_version, document, raw, etag, fingerprint, storage_key)
            where exists (select from asset a where a.org_id = :org and a.asset_id = s.asset_id)
            on conflict (org_id, asset_id) do update set
                schema_version = excluded.schema_version,
                prober_version = excluded.prober_version,
                document = excluded.document,
                raw = excluded.raw,
                etag = excluded.etag,
                fingerprint = excluded.fingerprint,
                storage_key = excluded.storage_key,
                written_at = now()
            """;

    private static final String FIND =
            """
            select asset_id, schema_version, prober_version, document::text as json,
                   coalesce(raw, 'null') as raw, etag,
                   coalesce(fingerprint, '') as fingerprint, storage_key
            from sidecar
            where org_id = :org and asset_id = :id
            """;

    private final JdbcClient jdbc;

    Sidecars(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The sidecar of an asset, if it has one. */
    public Optional<Sidecar> find(OrgId org, AssetId id) {
        return jdbc.sql(FIND)
                .param("org", org.value())
                .param("id", id.value())
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
                .optional();
    }

    /** Keeps the sidecars, each in place of its asset's earlier one. */
    public void save(OrgId org, List<Sidecar> sidecars) {
        if (sidecars.isEmpty()) {
            return;
        }
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
                .update();
    }

    private static String[] column(List<Sidecar> sidecars, Function<Sidecar, String> value) {
        return sidecars.stream().map(value).toArray(String[]::new);
    }
}
