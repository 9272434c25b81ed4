package io.heimdex.archive.asset;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statements that list assets by id. They name only the criteria that are set, so that
 * PostgreSQL can use an index for each.
 */
final class AssetListQuery {

    /** What is read of an asset. */
    static final String ASSETS =
            """
            select a.asset_id, a.source_uri, a.filename, a.size_bytes, s.fingerprint, a.status,
                   a.failure_code, a.failure_message, a.failure_attempts, a.failure_at
            from asset a
            left join asset_source s
                on s.org_id = a.org_id and s.source_uri = a.source_uri and s.asset_id = a.asset_id
            """;

    private static final String SIDECARS =
            "join sidecar d on d.org_id = a.org_id and d.asset_id = a.asset_id\n";

    /** From the first traits that the org has to the next, as there are few. */
    static final String TRAITS =
            """
            with recursive known (traits) as (
                (select traits from sidecar where org_id = :org order by traits limit 1)
                union all
                select (select traits from sidecar
                        where org_id = :org and sidecar.traits > known.traits
                        order by traits limit 1)
                from known where known.traits is not null)
            select traits from known where traits is not null
            """;

    /**
     * Of each of the traits the next few, in the order of the index: however rare they are in this
     * org, nothing else is read.
     */
    private static final String OF_EACH =
            """
            select found.* from unnest(:traits) as wanted (traits)
            cross join lateral (
            {assets}) found
            order by found.asset_id
            limit :limit
            """;

    /**
     * Looks at no more names than the window has. Its last row is there even if it does not fit, so
     * that the next part can begin after it. The limits make PostgreSQL go through the names in
     * their order, and look up one by one what else is asked of those that fit.
     */
    private static final String BY_NAME =
            """
            select n.asset_id as position, n.place = :window as is_last, a.*
            from (
                select org_id, asset_id, place, strpos(name_key, (select name_key(:q))) > 0 as fits
                from (
                    select a.org_id, a.asset_id, a.name_key, row_number() over (order by a.asset_id) as place
                    from asset a
                    where a.org_id = :org{continued}
                    order by a.asset_id
                    limit :window) names
                where strpos(name_key, (select name_key(:q))) > 0 or place = :window
            ) n
            left join lateral (
            {assets}limit 1) a on true
            where a.asset_id is not null or n.place = :window
            order by n.asset_id
            limit :limit
            """;

    private static final String CONTINUED = " and a.asset_id > :after";

    private AssetListQuery() {}

    /**
     * The statement, with a parameter for the org, the limit and each criterion that is set; what
     * is said of the content has become {@code :traits}.
     *
     * @param continued whether it goes on after {@code :after}
     */
    static String of(AssetFilter filter, boolean continued) {
        List<String> criteria = criteria("a.org_id = :org", filter);
        if (continued) {
            criteria.add("a.asset_id > :after");
        }
        String order = "order by a.asset_id\nlimit :limit\n";
        if (!filter.ofContent()) {
            return select(filter, criteria) + order;
        }
        if (filter.ofState()) {
            // What is rarer, PostgreSQL knows best.
            criteria.add("d.traits = any(:traits)");
            return select(filter, criteria) + order;
        }
        criteria.add("d.traits = wanted.traits");
        return OF_EACH.replace("{assets}", select(filter, criteria) + order);
    }

    /**
     * The statement that looks at {@code :window} names for {@code :q}, with parameters else like
     * the other's. Its rows say their {@code position}, and whether the window ends with them.
     */
    static String byName(AssetFilter filter, boolean continued) {
        // Of the row, so that PostgreSQL looks each up by its key, however few it takes the org to
        // have.
        List<String> criteria = criteria("a.org_id = n.org_id", filter);
        criteria.add("a.asset_id = n.asset_id and n.fits");
        if (filter.ofContent()) {
            criteria.add("d.traits = any(:traits)");
        }
        return BY_NAME.replace("{continued}", continued ? CONTINUED : "")
                .replace("{assets}", select(filter, criteria));
    }

    private static String select(AssetFilter filter, List<String> criteria) {
        boolean described = filter.ofContent() || filter.probedBefore() != null;
        return ASSETS
                + (described ? SIDECARS : "")
                + "where "
                + String.join(" and ", criteria)
                + "\n";
    }

    private static List<String> criteria(String ofOrg, AssetFilter filter) {
        List<String> criteria = new ArrayList<>(List.of(ofOrg));
        if (filter.status() != null) {
            // The index of those that are not ready wants it written out.
            criteria.add(
                    filter.status() == Asset.Status.READY
                            ? "a.status = :status"
                            : "a.status = :status and a.status <> 'ready'");
        }
        add(criteria, filter.failureCode(), "a.failure_code = :code and a.status = 'failed'");
        add(
                criteria,
                filter.sourcePrefix(),
                "a.source_uri ~>=~ :prefix and a.source_uri ~<~ (:prefix || chr(1114111))");
        add(criteria, filter.probedBefore(), "d.written_at < :before");
        return criteria;
    }

    private static void add(List<String> criteria, @Nullable Object value, String criterion) {
        if (value != null) {
            criteria.add(criterion);
        }
    }
}
