package io.heimdex.archive.ingest;

import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.storage.Checksum;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Reach;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The uploads that were announced. */
@Repository
class Uploads {

    private static final String INSERT =
            """
            insert into upload (org_id, upload_id, source_name, source_uri, content_length, content_type,
                                checksum_algorithm, checksum_value, signing_key, expires_at)
            values (:org, :id, :name, :uri, :length, :type, :algorithm, :checksum, :key, :expires)
            """;

    private static final String COLUMNS =
            """
            org_id, upload_id, source_name, source_uri, content_length, checksum_algorithm, checksum_value,
            signing_key, expires_at, committed_asset_id
            """;

    private static final String BY_SIGNED_URL =
            "select " + COLUMNS + " from upload where upload_id = :id";
    private static final String BY_ID =
            "select " + COLUMNS + " from upload where org_id = :org and upload_id = :id";
    private static final String BY_URI =
            "select " + COLUMNS + " from upload where org_id = :org and source_uri = :uri";

    private static final String OPEN =
            """
            select count(*) from (
                select from upload
                where org_id = :org and committed_asset_id is null and expires_at > :now limit :limit) u
            """;

    private static final String COMMIT =
            """
            update upload set committed_asset_id = :asset
            where org_id = :org and upload_id = :id and reaped_at is null
            """;

    /** Those that failed before come last, so that they keep nobody up. */
    private static final String GIVE_UP =
            """
            update upload set reaped_at = :now
            where (org_id, upload_id) in (
                select org_id, upload_id from upload
                where committed_asset_id is null and expires_at < :before
                    and (reaped_at is null or reaped_at < :now)
                order by reaped_at nulls first
                limit :limit
                for update skip locked)
            returning
            """
                    + COLUMNS;

    private static final String FORGET =
            "delete from upload where org_id = :org and upload_id = :id and reaped_at is not null";

    private final JdbcClient jdbc;

    Uploads(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(Upload upload, @Nullable String contentType) {
        Checksum checksum = upload.checksum();
        jdbc.sql(INSERT)
                .param("org", upload.org().value())
                .param("id", upload.id())
                .param("name", upload.sourceName())
                .param("uri", upload.target().text())
                .param("length", upload.contentLength())
                .param("type", contentType)
                .param("algorithm", checksum == null ? null : checksum.algorithm().wireName())
                .param("checksum", checksum == null ? null : checksum.value())
                .param("key", upload.signature().key())
                .param("expires", upload.expiresAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    /**
     * For the holder of a signed URL, who shows no token: the caller has to verify the signature.
     */
    Optional<Upload> findForSignedUrl(UUID id) {
        return Reach.ofService(
                () -> jdbc.sql(BY_SIGNED_URL).param("id", id).query(Uploads::upload).optional());
    }

    Optional<Upload> find(OrgId org, UUID id) {
        return jdbc.sql(BY_ID)
                .param("org", org.value())
                .param("id", id)
                .query(Uploads::upload)
                .optional();
    }

    /** The upload to this place, however the client spells it. */
    Optional<Upload> find(OrgId org, SourceUri target) {
        return jdbc.sql(BY_URI)
                .param("org", org.value())
                .param("uri", target.text())
                .query(Uploads::upload)
                .optional();
    }

    /** How many uploads of the org may still become assets; counts no further than told. */
    int open(OrgId org, Instant now, int limit) {
        return jdbc.sql(OPEN)
                .param("org", org.value())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query(Integer.class)
                .single();
    }

    /** Whether it could still be committed. */
    boolean commit(Upload upload, AssetId asset) {
        return jdbc.sql(COMMIT)
                        .param("org", upload.org().value())
                        .param("id", upload.id())
                        .param("asset", asset.value())
                        .update()
                > 0;
    }

    /**
     * Uploads that expired before a time and were not committed, and can be no more from now on.
     * None of them is told twice at the same time {@code now}.
     */
    List<Upload> giveUp(Instant before, Instant now, int limit) {
        return jdbc.sql(GIVE_UP)
                .param("before", before.atOffset(ZoneOffset.UTC))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query(Uploads::upload)
                .list();
    }

    void forget(Upload upload) {
        jdbc.sql(FORGET).param("org", upload.org().value()).param("id", upload.id()).update();
    }

    private static Upload upload(ResultSet row, int number) throws SQLException {
        String algorithm = row.getString("checksum_algorithm");
        String asset = row.getString("committed_asset_id");
        return new Upload(
                new OrgId(row.getString("org_id")),
                row.getObject("upload_id", UUID.class),
                row.getString("source_name"),
                SourceUri.parse(row.getString("source_uri")),
                row.getLong("content_length"),
                algorithm == null
                        ? null
                        : new Checksum(
                                Checksum.Algorithm.parse(algorithm).orElseThrow(),
                                row.getString("checksum_value")),
                new UploadSignature(row.getBytes("signing_key")),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                asset == null ? null : new AssetId(asset));
    }
}
