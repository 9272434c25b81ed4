package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.asset.Asset;
import io.heimdex.archive.asset.AssetFilter;
import io.heimdex.archive.asset.AssetList;
import io.heimdex.archive.asset.Assets;
import io.heimdex.archive.asset.FoundFiles;
import io.heimdex.archive.bulk.RunType;
import io.heimdex.archive.bulk.SelectedAssets;
import io.heimdex.archive.bulk.Selection;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.sidecar.Sidecar;
import io.heimdex.archive.sidecar.Sidecars;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.thumbnail.Thumbnails;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * An org that came, with many assets, after PostgreSQL last looked which orgs there are: it takes
 * such a one for nearly empty. All the same a chunk of its assets costs no more than a chunk.
 * Nobody else sees its rows: they are rolled back.
 */
@ServiceTest
@Transactional
class NewOrgTests {

    private static final int MANY = 5_000;
    private static final int CHUNK = 50;

    private static final String ASSETS =
            """
            insert into asset (org_id, asset_id, source_uri, filename, size_bytes)
            select :org, 'sha256:' || encode(sha256((:org || g)::bytea), 'hex'), 'file:///' || g, g, 1
            from generate_series(1, :count) g
            """;

    private static final String SOURCES =
            """
            insert into asset_source (org_id, source_uri, asset_id, fingerprint)
            select org_id, source_uri, asset_id, 'as-it-was' from asset where org_id = :org
            """;

    private static final String SIDECARS =
            """
            insert into sidecar (org_id, asset_id, schema_version, prober_version, document, etag, fingerprint)
            select org_id, asset_id, '1.0.0', '8', '{}', 'etag', 'as-it-was' from asset where org_id = :org
            """;

    private static final String ROWS_READ =
            """
            select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables
            where relname in ('asset', 'asset_source', 'sidecar', 'thumbnail', 'thumbnail_set')
            """;

    @Autowired TestDatabase database;
    @Autowired JdbcClient jdbc;
    @Autowired Assets assets;
    @Autowired AssetList list;
    @Autowired FoundFiles files;
    @Autowired Sidecars sidecars;
    @Autowired Thumbnails thumbnails;
    @Autowired SelectedAssets selected;

    private final OrgId known = new OrgId(TestApi.newOrg());
    private final OrgId fresh = new OrgId(TestApi.newOrg());
    private List<AssetId> chunk = List.of();

    @BeforeEach
    void twoOrgs() {
        fill(database.asOwner(), known);
        database.asOwner().sql("analyze asset, asset_source, sidecar").update();
        fill(jdbc, fresh);
        chunk =
                jdbc.sql("select asset_id from asset where org_id = :org limit :limit")
                        .param("org", fresh.value())
                        .param("limit", CHUNK)
                        .query((row, _) -> new AssetId(row.getString(1)))
                        .list();
    }

    @AfterEach
    void theKnownOneGoes() {
        database.asOwner()
                .sql("delete from asset where org_id = :org")
                .param("org", known.value())
                .update();
    }

    private static void fill(JdbcClient client, OrgId org) {
        client.sql(ASSETS).param("org", org.value()).param("count", MANY).update();
        client.sql(SOURCES).param("org", org.value()).update();
        client.sql(SIDECARS).param("org", org.value()).update();
    }

    @Test
    void aChunkIsFoundByItsKeys() {
        assertReadsLittle(() -> assets.find(fresh, chunk));
        assertReadsLittle(() -> assets.setStatus(fresh, chunk, Asset.Status.PROCESSING));
        assertReadsLittle(() -> assets.release(fresh, chunk));
        assertReadsLittle(() -> assets.queued(fresh, chunk));
        assertReadsLittle(() ->
                assets.record(
                        fresh,
                        chunk.subList(0, 25),
                        chunk.subList(25, CHUNK).stream()
                                .map(id ->
                                        new Assets.FailedProbe(
                                                id, ErrorCode.INVALID_MEDIA, "as it is"))
                                .toList()));
        assertReadsLittle(() -> sidecars.summaries(fresh, chunk));
        assertReadsLittle(() -> sidecars.find(fresh, chunk));
        assertReadsLittle(() -> sidecars.changes(fresh, chunk.getFirst()));
        assertReadsLittle(() -> sidecars.save(fresh, others()));
        assertReadsLittle(() -> sidecars.savePictured(fresh, others()));
        assertReadsLittle(() -> thumbnails.of(fresh, chunk));
    }

    @Test
    void filesThatAScanFindsAreCompared() {
        List<Assets.Found> found =
                assets.find(fresh, chunk).stream()
                        .map(asset ->
                                new Assets.Found(
                                        asset.id(),
                                        asset.sourceUri(),
                                        asset.filename(),
                                        asset.sizeBytes(),
                                        "as-it-was"))
                        .toList();

        assertReadsLittle(() -> files.enter(fresh, found, UUID.randomUUID()));
    }

    @Test
    void whatIsSelectedIsReadOnce() {
        Selection missing =
                new Selection(Selection.Which.MISSING, null, null, null, null)
                        .checked(RunType.REPROBE);

        long read =
                rowsReadBy(
                        () -> assertThat(selected.count(fresh, RunType.REPROBE, missing)).isZero());

        assertThat(read).isBetween((long) MANY, 5L * MANY);
    }

    @Test
    void namesAreLookedThroughOnce() {
        AssetFilter nines =
                new AssetFilter(
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Instant.now().plus(Duration.ofDays(1)),
                        "9");

        long read =
                rowsReadBy(() ->
                        assertThat(list.part(fresh, nines, null, CHUNK).assets()).hasSize(CHUNK));

        assertThat(read).isBetween((long) CHUNK, 2L * MANY);
    }

    private List<Sidecar> others() {
        return chunk.stream()
                .map(id -> new Sidecar(id, "1.0.0", "8", "{}", "{}", "other", "as-it-was", null))
                .toList();
    }

    /** A row is read a few times, as several tables and statements are about it. */
    private void assertReadsLittle(Runnable work) {
        assertThat(rowsReadBy(work)).isBetween(0L, 20L * CHUNK);
    }

    private long rowsReadBy(Runnable work) {
        long before = rowsRead();
        work.run();
        return rowsRead() - before;
    }

    private long rowsRead() {
        return jdbc.sql(ROWS_READ).query(Long.class).single();
    }
}
