package io.heimdex.archive.thumbnail;

import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The pictures of all assets. */
@Repository
public class Thumbnails {

    private static final String SETS =
            """
            select s.asset_id, s.state, s.code, s.message, s.fingerprint, s.ffmpeg_version,
                   t.idx, t.storage_key, t.width, t.height, t.ts_ms
            from thumbnail_set s
            left join thumbnail t on t.org_id = s.org_id and t.asset_id = s.asset_id
            where (s.org_id, s.asset_id) in (select :org, unnest(:ids))
            order by s.asset_id, t.idx
            """;

    private static final String FIND =
            """
            select idx, storage_key, width, height, ts_ms from thumbnail
            where org_id = :org and asset_id = :id and idx = :idx
            """;

    /** A failure leaves the pictures that there were, and what made them. */
    private static final String UPSERT =
            """
            insert into thumbnail_set (org_id, asset_id, state, code, message, fingerprint, ffmpeg_version)
            select s.of_org, s.asset_id, s.state, s.code, s.message, s.fingerprint, s.ffmpeg_version
            from (select :org as of_org, unnest(:ids) as asset_id, unnest(:states) as state, unnest(:codes) as code,
                         unnest(:messages) as message, unnest(:fingerprints) as fingerprint,
                         unnest(:versions) as ffmpeg_version) s
            where exists (select from asset a where a.org_id = s.of_org and a.asset_id = s.asset_id)
            on conflict (org_id, asset_id) do update set
                state = excluded.state,
                code = excluded.code,
                message = excluded.message,
                fingerprint = excluded.fingerprint,
                ffmpeg_version = case when excluded.state = 'failed' then thumbnail_set.ffmpeg_version
                    else excluded.ffmpeg_version end,
                made_at = now()
            """;

    private static final String CLEAR =
            "delete from thumbnail where org_id = :org and asset_id = any(:ids) returning storage_key";

    private static final String INSERT =
            """
            insert into thumbnail (org_id, asset_id, idx, storage_key, width, height, ts_ms)
            select t.of_org, t.asset_id, t.idx, t.storage_key, t.width, t.height, t.ts_ms
            from (select :org as of_org, unnest(:ids) as asset_id, unnest(:idxs) as idx, unnest(:keys) as storage_key,
                         unnest(:widths) as width, unnest(:heights) as height, unnest(:times) as ts_ms) t
            where exists (select from thumbnail_set s where s.org_id = t.of_org and s.asset_id = t.asset_id)
            """;

    /**
     * Of the assets that the job has described, those whose pictures nobody has tried to make
     * since.
     */
    private static final String TO_MAKE =
            """
            select i.asset_id
            from job_item i
            left join thumbnail_set s on s.org_id = i.org_id and s.asset_id = i.asset_id
            where i.org_id = :org and i.job_id = :job and i.outcome = 'succeeded'
                and (s.made_at is null or s.made_at < i.ended_at)
                and exists (select from sidecar d where d.org_id = i.org_id and d.asset_id = i.asset_id)
            order by i.seq
            limit :limit
            """;

    private final JdbcClient jdbc;

    Thumbnails(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What is known of the assets' pictures; nothing for assets whose were never asked for. */
    public Map<AssetId, ThumbnailSet> of(OrgId org, Collection<AssetId> ids) {
        Map<AssetId, ThumbnailSet> sets = new HashMap<>();
        jdbc.sql(SETS)
                .param("org", org.value())
                .param("ids", ids.stream().map(AssetId::value).toArray(String[]::new))
                .query(row -> {
                    AssetId asset = new AssetId(row.getString("asset_id"));
                    ThumbnailSet set = sets.get(asset);
                    if (set == null) {
                        set =
                                new ThumbnailSet(
                                        asset,
                                        ThumbnailSet.State.of(row.getString("state")),
                                        row.getString("code"),
                                        row.getString("message"),
                                        row.getString("fingerprint"),
                                        row.getString("ffmpeg_version"),
                                        new ArrayList<>());
                        sets.put(asset, set);
                    }
                    String key = row.getString("storage_key");
                    if (key != null) {
                        set.thumbnails()
                                .add(
                                        new Thumbnail(
                                                row.getInt("idx"),
                                                key,
                                                row.getInt("width"),
                                                row.getInt("height"),
                                                row.getLong("ts_ms")));
                    }
                });
        return sets;
    }

    /** One of an asset's pictures. */
    public Optional<Thumbnail> find(OrgId org, AssetId asset, int idx) {
        return jdbc.sql(FIND)
                .param("org", org.value())
                .param("id", asset.value())
                .param("idx", idx)
                .query((row, _) ->
                        new Thumbnail(
                                row.getInt("idx"),
                                row.getString("storage_key"),
                                row.getInt("width"),
                                row.getInt("height"),
                                row.getLong("ts_ms")))
                .optional();
    }

    /** Assets whose sidecars the job has made, and whose pictures are still to be made. */
    public List<AssetId> toMake(OrgId org, UUID job, int limit) {
        return jdbc.sql(TO_MAKE)
                .param("org", org.value())
                .param("job", job)
                .param("limit", limit)
                .query((row, _) -> new AssetId(row.getString(1)))
                .list();
    }

    /**
     * Keeps what came of the attempts, each in place of its asset's earlier one.
     *
     * @return the keys of the pictures that nobody refers to any longer
     */
    @Transactional
    public List<String> save(OrgId org, List<ThumbnailSet> sets) {
        if (sets.isEmpty()) {
            return List.of();
        }
        jdbc.sql(UPSERT)
                .param("org", org.value())
                .param("ids", column(sets, set -> set.asset().value()))
                .param("states", column(sets, set -> set.state().wireName()))
                .param("codes", column(sets, ThumbnailSet::code))
                .param("messages", column(sets, ThumbnailSet::message))
                .param("fingerprints", column(sets, ThumbnailSet::fingerprint))
                .param("versions", column(sets, ThumbnailSet::ffmpegVersion))
                .update();
        List<ThumbnailSet> made =
                sets.stream().filter(set -> set.state() != ThumbnailSet.State.FAILED).toList();
        Set<String> stale =
                new HashSet<>(
                        jdbc.sql(CLEAR)
                                .param("org", org.value())
                                .param("ids", column(made, set -> set.asset().value()))
                                .query(String.class)
                                .list());
        List<Row> rows =
                made.stream()
                        .flatMap(set ->
                                set.thumbnails().stream().map(one -> new Row(set.asset(), one)))
                        .toList();
        jdbc.sql(INSERT)
                .param("org", org.value())
                .param("ids", rows.stream().map(row -> row.asset().value()).toArray(String[]::new))
                .param("idxs", rows.stream().map(row -> row.of().idx()).toArray(Integer[]::new))
                .param(
                        "keys",
                        rows.stream().map(row -> row.of().storageKey()).toArray(String[]::new))
                .param("widths", rows.stream().map(row -> row.of().width()).toArray(Integer[]::new))
                .param(
                        "heights",
                        rows.stream().map(row -> row.of().height()).toArray(Integer[]::new))
                .param("times", rows.stream().map(row -> row.of().tsMs()).toArray(Long[]::new))
                .update();
        rows.forEach(row -> stale.remove(row.of().storageKey()));
        return List.copyOf(stale);
    }

    private record Row(AssetId asset, Thumbnail of) {}

    private static @Nullable String[] column(
            List<ThumbnailSet> sets, Function<ThumbnailSet, @Nullable String> value) {
        return sets.stream().map(value).toArray(String[]::new);
    }
}
