package io.heimdex.archive.asset;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The statement that lists assets by id. It names only the criteria that are set, so that
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

    /** From the first container that the org has to the next, as there are few. */
    static final String CONTAINERS =
            """
            with recursive known (container) as (
                (select container from sidecar
                 where org_id = :org and container is not null
                 order by container limit 1)
                union all
                select (select container from sidecar
                        where org_id = :org and sidecar.container > known.container
                        order by container limit 1)
                from known where known.container is not null)
            select container from known
            where container = :container or :container = any(string_to_array(container, ','))
            """;

    private AssetListQuery() {}

    /**
     * The statement, with a parameter for the org, the limit and each criterion that is set.
     *
     * @param containers how many there are by the name that is looked for: {@code :container0} and
     *     so on
     * @param continued whether it goes on after {@code :after}
     */
    static String of(AssetFilter filter, int containers, boolean continued) {
        List<String> criteria = new ArrayList<>(List.of("a.org_id = :org"));
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
        add(criteria, filter.container(), "d.container = :container");
        add(criteria, filter.videoCodec(), "d.video_codec = :codec");
        add(criteria, filter.probedBefore(), "d.written_at < :before");
        if (continued) {
            criteria.add("a.asset_id > :after");
        }
        boolean described =
                filter.container() != null
                        || filter.videoCodec() != null
                        || filter.probedBefore() != null;
        String list =
                ASSETS
                        + (described ? SIDECARS : "")
                        + "where "
                        + String.join(" and ", criteria)
                        + "\norder by a.asset_id\nlimit :limit";
        return filter.container() == null ? list : ofEachContainer(list, containers);
    }

    /** Each by a parameter of its own, so that PostgreSQL knows how rare it is. */
    private static String ofEachContainer(String list, int containers) {
        return IntStream.range(0, containers)
                .mapToObj(i -> "(" + list.replace(":container", ":container" + i) + ")")
                .collect(
                        Collectors.joining(
                                "\nunion all\n",
                                "select * from (",
                                ") found\norder by asset_id\nlimit :limit"));
    }

    private static void add(List<String> criteria, @Nullable Object value, String criterion) {
        if (value != null) {
            criteria.add(criterion);
        }
    }
}
