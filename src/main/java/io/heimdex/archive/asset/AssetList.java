package io.heimdex.archive.asset;

import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The assets of an org in parts, by id, filtered by what is known of them. */
@Repository
public class AssetList {

    /**
     * How many names a search looks at for one part. Policies of the database come before every
     * condition that could tell what it sees, as looking into a name could; so no index on parts of
     * names would be used.
     */
    static final int WINDOW = 100_000;

    private final JdbcClient jdbc;

    AssetList(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A part of the list.
     *
     * @param next the id after which the next part begins, {@code null} at the end. After a search
     *     there may be a next part though this one is not full.
     */
    public record Part(List<Asset> assets, @Nullable AssetId next) {}

    /** A row of a search: its asset if it fits, and where it is. */
    private record Found(@Nullable Asset asset, AssetId position, boolean isLast) {}

    /**
     * A part of the org's assets that fit the filter.
     *
     * @param after the id that the part before ended with, {@code null} for the first part
     */
    public Part part(OrgId org, AssetFilter filter, @Nullable AssetId after, int limit) {
        return part(org, filter, after, limit, WINDOW);
    }

    Part part(OrgId org, AssetFilter filter, @Nullable AssetId after, int limit, int window) {
        Map<String, @Nullable Object> parameters = parameters(filter, after, limit + 1);
        if (filter.ofContent()) {
            String[] traits = traits(org, filter);
            if (traits.length == 0) {
                return new Part(List.of(), null);
            }
            parameters.put("traits", traits);
        }
        return filter.q() == null
                ? listed(org, filter, parameters, limit)
                : searched(org, filter, parameters, limit, window);
    }

    private Part listed(
            OrgId org, AssetFilter filter, Map<String, @Nullable Object> parameters, int limit) {
        List<Asset> found =
                statement(
                                AssetListQuery.of(filter, parameters.containsKey("after")),
                                org,
                                parameters)
                        .query(Assets::asset)
                        .list();
        if (found.size() <= limit) {
            return new Part(found, null);
        }
        List<Asset> assets = found.subList(0, limit);
        return new Part(assets, assets.getLast().id());
    }

    private Part searched(
            OrgId org,
            AssetFilter filter,
            Map<String, @Nullable Object> parameters,
            int limit,
            int window) {
        parameters.put("q", filter.q());
        parameters.put("window", window);
        List<Found> rows =
                statement(
                                AssetListQuery.byName(filter, parameters.containsKey("after")),
                                org,
                                parameters)
                        .query(AssetList::found)
                        .list();
        List<Asset> assets = rows.stream().map(Found::asset).filter(Objects::nonNull).toList();
        if (assets.size() > limit) {
            List<Asset> part = assets.subList(0, limit);
            return new Part(part, part.getLast().id());
        }
        boolean more = !rows.isEmpty() && rows.getLast().isLast();
        return new Part(assets, more ? rows.getLast().position() : null);
    }

    private String[] traits(OrgId org, AssetFilter filter) {
        return jdbc
                .sql(AssetListQuery.TRAITS)
                .param("org", org.value())
                .query(String.class)
                .list()
                .stream()
                .filter(text -> Traits.parse(text).fit(filter))
                .toArray(String[]::new);
    }

    private JdbcClient.StatementSpec statement(
            String sql, OrgId org, Map<String, @Nullable Object> parameters) {
        JdbcClient.StatementSpec statement = jdbc.sql(sql).param("org", org.value());
        parameters.forEach(statement::param);
        return statement;
    }

    private static Map<String, @Nullable Object> parameters(
            AssetFilter filter, @Nullable AssetId after, int limit) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("limit", limit);
        parameters.put("after", after == null ? null : after.value());
        parameters.put("status", filter.status() == null ? null : filter.status().wireName());
        parameters.put("code", filter.failureCode());
        parameters.put("prefix", filter.sourcePrefix());
        parameters.put(
                "before",
                filter.probedBefore() == null
                        ? null
                        : filter.probedBefore().atOffset(ZoneOffset.UTC));
        parameters.values().removeIf(Objects::isNull);
        return parameters;
    }

    private static Found found(ResultSet row, int number) throws SQLException {
        return new Found(
                row.getString("asset_id") == null ? null : Assets.asset(row, number),
                new AssetId(row.getString("position")),
                row.getBoolean("is_last"));
    }
}
