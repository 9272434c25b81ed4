package io.heimdex.archive.asset;

import io.heimdex.archive.asset.Asset.Failure;
import io.heimdex.archive.asset.Asset.Status;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * All assets of all orgs. Many are found by pairs of org and id: by the org alone PostgreSQL would
 * read all of an org that it takes for nearly empty.
 */
@Repository
public class Assets {

    private static final String REGISTER =
            """
            insert into asset (org_id, asset_id, source_uri, filename, size_bytes)
            values (:org, :id, :uri, :filename, :size)
            on conflict (org_id, asset_id) do update
                set source_uri = excluded.source_uri, filename = excluded.filename, updated_at = now()
            """;

    private static final String REGISTER_SOURCE =
            """
            insert into asset_source (org_id, source_uri, asset_id, fingerprint)
            values (:org, :uri, :id, :fingerprint)
            on conflict (org_id, source_uri) do update
                set asset_id = excluded.asset_id, fingerprint = excluded.fingerprint, seen_at = now(),
                    missing_since = null
            """;

    private static final String FIND =
            AssetListQuery.ASSETS + "where (a.org_id, a.asset_id) in (select :org, unnest(:ids))";

    private static final String FIND_QUEUED =
            "select asset_id from asset where (org_id, asset_id) in (select :org, unnest(:ids))"
                    + " and status = 'queued' order by asset_id";

    private static final String PLACES =
            "select source_uri, asset_id, fingerprint from asset_source where org_id = :org";

    private static final String HAS_SOURCE =
            "select exists (select from asset_source"
                    + " where org_id = :org and source_uri = :uri and asset_id = :id)";

    private static final String SET_SOURCE =
            "update asset set source_uri = :uri, updated_at = now() where org_id = :org and asset_id = :id";

    /**
     * In one order for everybody, so that two jobs over the same assets wait for each other instead
     * of dying.
     */
    private static final String LOCK =
            "select asset_id from asset where (org_id, asset_id) in (select :org, unnest(:ids))"
                    + " order by asset_id for update";

    private static final String SET_STATUS =
            """
            update asset set status = :status, updated_at = now()
            where (org_id, asset_id) in (select :org, unnest(:ids))
            """;

    private static final String RELEASE =
            """
            update asset set status = 'queued', updated_at = now()
            where (org_id, asset_id) in (select :org, unnest(:ids)) and status = 'processing'
            """;

    private static final String SET_READY =
            """
            update asset
            set status = 'ready', failure_code = null, failure_message = null, failure_attempts = 0, failure_at = null,
                updated_at = now()
            where (org_id, asset_id) in (select :org, unnest(:ids))
            """;

    private static final String SET_FAILED =
            """
            update asset a
            set status = 'failed', failure_code = f.code, failure_message = f.message,
                failure_attempts = a.failure_attempts + 1, failure_at = now(), updated_at = now()
            from (select :org as of_org, unnest(:ids) as asset_id, unnest(:codes) as code, unnest(:messages) as message) f
            where a.org_id = f.of_org and a.asset_id = f.asset_id
            """;

    private final JdbcClient jdbc;

    Assets(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A file that was found to be this asset.
     *
     * @param fingerprint of the file as it was found
     */
    public record Found(
            AssetId id, String sourceUri, String filename, long sizeBytes, String fingerprint) {}

    /**
     * A place at which an asset was found.
     *
     * @param fingerprint of the file as it was found
     */
    public record Place(String sourceUri, AssetId id, String fingerprint) {}

    /** A probe of an asset that failed. */
    public record FailedProbe(AssetId id, ErrorCode code, String message) {}

    /** Enters the asset, or the new place of one that the org has already. */
    @Transactional
    public Asset register(OrgId org, Found found) {
        jdbc.sql(REGISTER)
                .param("org", org.value())
                .param("id", found.id().value())
                .param("uri", found.sourceUri())
                .param("filename", found.filename())
                .param("size", found.sizeBytes())
                .update();
        jdbc.sql(REGISTER_SOURCE)
                .param("org", org.value())
                .param("uri", found.sourceUri())
                .param("id", found.id().value())
                .param("fingerprint", found.fingerprint())
                .update();
        return find(org, found.id()).orElseThrow();
    }

    /** The asset, if the org has it. */
    public Optional<Asset> find(OrgId org, AssetId id) {
        return find(org, List.of(id)).stream().findFirst();
    }

    /** Those of the assets that the org has, in no order. */
    public List<Asset> find(OrgId org, Collection<AssetId> ids) {
        return jdbc.sql(FIND)
                .param("org", org.value())
                .param("ids", values(ids))
                .query(Assets::asset)
                .list();
    }

    /**
     * Removes the assets, their places and what was made of them from the catalogue.
     *
     * @return how many were there
     */
    public int remove(OrgId org, Collection<AssetId> ids) {
        return jdbc.sql("delete from asset where (org_id, asset_id) in (select :org, unnest(:ids))")
                .param("org", org.value())
                .param("ids", values(ids))
                .update();
    }

    /** Those of the assets that wait for a probe. */
    public List<AssetId> queued(OrgId org, Collection<AssetId> ids) {
        return jdbc.sql(FIND_QUEUED)
                .param("org", org.value())
                .param("ids", values(ids))
                .query((row, _) -> new AssetId(row.getString(1)))
                .list();
    }

    /** Whether the asset is at this place, as far as the catalogue knows. */
    public boolean hasSource(OrgId org, AssetId id, SourceUri source) {
        return jdbc.sql(HAS_SOURCE)
                .param("org", org.value())
                .param("uri", source.text())
                .param("id", id.value())
                .query(Boolean.class)
                .single();
    }

    /** Every place at which the org's assets were found, by URI. */
    public Map<String, Place> places(OrgId org) {
        return jdbc.sql(PLACES).param("org", org.value()).query(Assets::place).list().stream()
                .collect(Collectors.toMap(Place::sourceUri, Function.identity()));
    }

    /** Reads the asset from this place from now on. */
    public void useSource(OrgId org, AssetId id, SourceUri source) {
        jdbc.sql(SET_SOURCE)
                .param("org", org.value())
                .param("uri", source.text())
                .param("id", id.value())
                .update();
    }

    /** Moves the assets to a state in which work on them is still to come. */
    @Transactional
    public void setStatus(OrgId org, Collection<AssetId> ids, Status status) {
        lock(org, ids);
        jdbc.sql(SET_STATUS)
                .param("org", org.value())
                .param("ids", values(ids))
                .param("status", status.wireName())
                .update();
    }

    /** Puts assets that are being worked on back into the queue; others stay as they are. */
    @Transactional
    public void release(OrgId org, Collection<AssetId> ids) {
        lock(org, ids);
        jdbc.sql(RELEASE).param("org", org.value()).param("ids", values(ids)).update();
    }

    /**
     * Records what came of probing the assets.
     *
     * @return those that are there
     */
    @Transactional
    public Set<AssetId> record(OrgId org, Collection<AssetId> ready, List<FailedProbe> failed) {
        List<AssetId> all = new ArrayList<>(ready);
        failed.forEach(failure -> all.add(failure.id()));
        Set<AssetId> there = lock(org, all);
        if (!ready.isEmpty()) {
            jdbc.sql(SET_READY).param("org", org.value()).param("ids", values(ready)).update();
        }
        if (!failed.isEmpty()) {
            jdbc.sql(SET_FAILED)
                    .param("org", org.value())
                    .param("ids", values(failed.stream().map(FailedProbe::id).toList()))
                    .param(
                            "codes",
                            failed.stream()
                                    .map(failure -> failure.code().code())
                                    .toArray(String[]::new))
                    .param(
                            "messages",
                            failed.stream().map(FailedProbe::message).toArray(String[]::new))
                    .update();
        }
        return there;
    }

    /**
     * Keeps the assets from being changed by others until the caller's transaction ends.
     *
     * @return those that are there
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public Set<AssetId> hold(OrgId org, Collection<AssetId> ids) {
        return lock(org, ids);
    }

    private Set<AssetId> lock(OrgId org, Collection<AssetId> ids) {
        return jdbc.sql(LOCK)
                .param("org", org.value())
                .param("ids", values(ids))
                .query((row, _) -> new AssetId(row.getString(1)))
                .set();
    }

    private static String[] values(Collection<AssetId> ids) {
        return ids.stream().map(AssetId::value).toArray(String[]::new);
    }

    private static Place place(ResultSet row, int number) throws SQLException {
        return new Place(row.getString(1), new AssetId(row.getString(2)), row.getString(3));
    }

    static Asset asset(ResultSet row, int number) throws SQLException {
        String code = row.getString("failure_code");
        return new Asset(
                new AssetId(row.getString("asset_id")),
                row.getString("source_uri"),
                row.getString("filename"),
                row.getLong("size_bytes"),
                row.getString("fingerprint"),
                Status.of(row.getString("status")),
                code == null
                        ? null
                        : new Failure(
                                code,
                                row.getString("failure_message"),
                                row.getInt("failure_attempts"),
                                row.getObject("failure_at", OffsetDateTime.class).toInstant()));
    }
}
