package io.heimdex.archive.asset;

import io.heimdex.archive.asset.Assets.FailedProbe;
import io.heimdex.archive.asset.Assets.Found;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Enters into the catalogue what scans find. */
@Repository
public class FoundFiles {

    /** In the order of the ids, like every change of many assets. */
    private static final String REGISTER_ALL =
            """
            insert into asset (org_id, asset_id, source_uri, filename, size_bytes)
            select :org, f.id, f.uri, f.filename, f.size
            from unnest(:ids, :uris, :filenames, :sizes) as f (id, uri, filename, size)
            order by f.id
            on conflict (org_id, asset_id) do update
                set source_uri = excluded.source_uri, filename = excluded.filename, updated_at = now()
            """;

    private static final String REGISTER_ALL_SOURCES =
            """
            insert into asset_source (org_id, source_uri, asset_id, fingerprint, seen_job)
            select :org, f.uri, f.id, f.fingerprint, :job
            from unnest(:ids, :uris, :fingerprints) as f (id, uri, fingerprint)
            order by f.uri
            on conflict (org_id, source_uri) do update
                set asset_id = excluded.asset_id, fingerprint = excluded.fingerprint, seen_at = now(),
                    seen_job = excluded.seen_job, missing_since = null
            """;

    private static final String REPLACED =
            """
            select distinct p.asset_id,
                   p.asset_id like 'weak:%' and f.id not like 'weak:%' and p.fingerprint = f.fingerprint as same_file
            from (select :org as of_org, unnest(:ids) as id, unnest(:uris) as uri, unnest(:fingerprints) as fingerprint) f
            join asset_source p on p.org_id = f.of_org and p.source_uri = f.uri
            where p.asset_id <> f.id
            """;

    private static final String WITHOUT_PLACE =
            """
            select asset_id from asset a
            where (org_id, asset_id) in (select :org, unnest(:ids)) and not exists (
                select from asset_source p
                where p.org_id = a.org_id and p.asset_id = a.asset_id and p.missing_since is null)
            """;

    private static final String ELSEWHERE =
            """
            select distinct on (a.asset_id) a.asset_id, o.source_uri
            from asset a
            join asset_source o on o.org_id = a.org_id and o.asset_id = a.asset_id and o.missing_since is null
            where (a.org_id, a.asset_id) in (select :org, unnest(:ids)) and not exists (
                select from asset_source p
                where p.org_id = a.org_id and p.source_uri = a.source_uri and p.asset_id = a.asset_id
                    and p.missing_since is null)
            order by a.asset_id, o.source_uri
            """;

    /** Assets whose place is missing while they have another; for which is {@link #ELSEWHERE}. */
    private static final String MISPLACED =
            """
            select a.asset_id
            from asset_source p
            join asset a on a.org_id = p.org_id and a.asset_id = p.asset_id and a.source_uri = p.source_uri
            where p.org_id = :org and p.missing_since is not null and starts_with(p.source_uri, :prefix)
                and exists (
                    select from asset_source o
                    where o.org_id = a.org_id and o.asset_id = a.asset_id and o.missing_since is null)
            limit :limit
            """;

    private static final String MOVE =
            """
            update asset a set source_uri = m.uri, filename = m.filename, updated_at = now()
            from (select :org as of_org, unnest(:ids) as id, unnest(:uris) as uri, unnest(:filenames) as filename) m
            where a.org_id = m.of_org and a.asset_id = m.id
            """;

    private static final int BATCH = 1_000;

    private final JdbcClient jdbc;
    private final Assets assets;
    private final AssetRemoval removal;

    FoundFiles(JdbcClient jdbc, Assets assets, AssetRemoval removal) {
        this.jdbc = jdbc;
        this.assets = assets;
        this.removal = removal;
    }

    /**
     * An asset at whose place another one was found; the file is the same if only its id is new.
     */
    private record Replaced(AssetId id, boolean sameFile) {}

    /**
     * Enters the files; of several with the same content all places are kept. A weak asset whose
     * file has a strong id now makes way for that one; one whose last place has other content now
     * has failed.
     *
     * @param scan the scan's job
     */
    @Transactional
    public void enter(OrgId org, Collection<Found> files, UUID scan) {
        if (files.isEmpty()) {
            return;
        }
        Map<AssetId, Found> byId = new TreeMap<>(Comparator.comparing(AssetId::value));
        files.forEach(file -> byId.put(file.id(), file));
        List<Replaced> replaced = replaced(org, files);
        Set<AssetId> touched = new HashSet<>(byId.keySet());
        replaced.forEach(one -> touched.add(one.id()));
        assets.hold(org, touched);
        Collection<Found> found = byId.values();
        jdbc.sql(REGISTER_ALL)
                .param("org", org.value())
                .param("ids", column(found, file -> file.id().value()))
                .param("uris", column(found, Found::sourceUri))
                .param("filenames", column(found, Found::filename))
                .param("sizes", found.stream().map(Found::sizeBytes).toArray(Long[]::new))
                .update();
        jdbc.sql(REGISTER_ALL_SOURCES)
                .param("org", org.value())
                .param("job", scan)
                .param("ids", column(files, file -> file.id().value()))
                .param("uris", column(files, Found::sourceUri))
                .param("fingerprints", column(files, Found::fingerprint))
                .update();
        if (!replaced.isEmpty()) {
            settle(org, replaced);
            move(org, replaced.stream().map(Replaced::id).toList());
        }
    }

    /**
     * Lets assets whose place below the folder is missing be at another of their places, if they
     * have one.
     */
    @Transactional
    public void moveMissing(OrgId org, SourceUri folder) {
        List<AssetId> misplaced;
        do {
            misplaced =
                    jdbc.sql(MISPLACED)
                            .param("org", org.value())
                            .param("prefix", folder.text() + "/")
                            .param("limit", BATCH)
                            .query((row, _) -> new AssetId(row.getString(1)))
                            .list();
            assets.hold(org, misplaced);
            move(org, misplaced);
        } while (misplaced.size() == BATCH);
    }

    /** Moves those of the assets, which must be held, that are not at their place any more. */
    private void move(OrgId org, Collection<AssetId> ids) {
        Map<String, SourceUri> places = new HashMap<>();
        jdbc.sql(ELSEWHERE)
                .param("org", org.value())
                .param("ids", ids.stream().map(AssetId::value).toArray(String[]::new))
                .query(
                        (RowCallbackHandler)
                                row ->
                                        places.put(
                                                row.getString(1),
                                                SourceUri.parse(row.getString(2))));
        if (places.isEmpty()) {
            return;
        }
        jdbc.sql(MOVE)
                .param("org", org.value())
                .param("ids", places.keySet().toArray(String[]::new))
                .param("uris", texts(places.values(), SourceUri::text))
                .param("filenames", texts(places.values(), SourceUri::name))
                .update();
    }

    private static String[] texts(Collection<SourceUri> places, Function<SourceUri, String> value) {
        return places.stream().map(value).toArray(String[]::new);
    }

    private List<Replaced> replaced(OrgId org, Collection<Found> files) {
        return jdbc.sql(REPLACED)
                .param("org", org.value())
                .param("ids", column(files, file -> file.id().value()))
                .param("uris", column(files, Found::sourceUri))
                .param("fingerprints", column(files, Found::fingerprint))
                .query((row, _) -> new Replaced(new AssetId(row.getString(1)), row.getBoolean(2)))
                .list();
    }

    /** Those that are at other places too stay what they are. */
    private void settle(OrgId org, List<Replaced> replaced) {
        Set<AssetId> nowhere = nowhere(org, replaced);
        Set<AssetId> outdated = new HashSet<>();
        List<FailedProbe> gone = new ArrayList<>();
        for (Replaced one : replaced) {
            if (nowhere.contains(one.id()) && one.sameFile()) {
                outdated.add(one.id());
            } else if (nowhere.contains(one.id())) {
                gone.add(
                        new FailedProbe(
                                one.id(),
                                ErrorCode.SOURCE_CHANGED,
                                "The file has other content now, which is another asset."));
            }
        }
        if (!gone.isEmpty()) {
            assets.record(org, List.of(), gone);
        }
        if (!outdated.isEmpty()) {
            removal.remove(org, outdated);
        }
    }

    private Set<AssetId> nowhere(OrgId org, List<Replaced> replaced) {
        return jdbc
                .sql(WITHOUT_PLACE)
                .param("org", org.value())
                .param("ids", replaced.stream().map(one -> one.id().value()).toArray(String[]::new))
                .query((row, _) -> new AssetId(row.getString(1)))
                .stream()
                .collect(Collectors.toSet());
    }

    private static String[] column(Collection<Found> files, Function<Found, String> value) {
        return files.stream().map(value).toArray(String[]::new);
    }
}
