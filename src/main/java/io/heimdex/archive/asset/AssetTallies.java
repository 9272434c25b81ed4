package io.heimdex.archive.asset;

import io.heimdex.archive.asset.ArchiveSummary.Count;
import io.heimdex.archive.tenancy.OrgId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * How many assets there are of each kind, without counting them: triggers of the database tally
 * what every statement changes, in the transaction that changes it, so the sums are exact.
 */
@Repository
public class AssetTallies {

    private static final int MOST_KEYS = 20;
    private static final String OTHERS = "other";

    private static final String ASSETS =
            """
            select coalesce(sum(queued), 0)::bigint as queued,
                   coalesce(sum(processing), 0)::bigint as processing,
                   coalesce(sum(ready), 0)::bigint as ready,
                   coalesce(sum(failed), 0)::bigint as failed,
                   coalesce(sum(bytes), 0)::bigint as bytes
            from asset_tally
            where org_id = :org
            """;

    private static final String SIDECARS =
            """
            select traits, sum(sidecars)::bigint as sidecars
            from sidecar_tally
            where org_id = :org
            group by traits
            having sum(sidecars) > 0
            """;

    /**
     * Replaces the rows of each org that has new ones by their sum. Whoever else folds at the same
     * time finds them gone; whoever reads sees either.
     */
    private static final String FOLD_ASSETS =
            """
            with unfolded as (
                select distinct org_id from asset_tally where not folded
            ), gone as (
                delete from asset_tally t using unfolded u where t.org_id = u.org_id returning t.*)
            insert into asset_tally (org_id, folded, queued, processing, ready, failed, bytes)
            select org_id, true, sum(queued), sum(processing), sum(ready), sum(failed), sum(bytes)
            from gone
            group by org_id
            """;

    private static final String FOLD_SIDECARS =
            """
            with unfolded as (
                select distinct org_id from sidecar_tally where not folded
            ), gone as (
                delete from sidecar_tally t using unfolded u where t.org_id = u.org_id returning t.*)
            insert into sidecar_tally (org_id, folded, traits, sidecars)
            select org_id, true, traits, sum(sidecars)
            from gone
            group by org_id, traits
            having sum(sidecars) <> 0
            """;

    private final JdbcClient jdbc;

    AssetTallies(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private record States(long queued, long processing, long ready, long failed, long bytes) {

        long of(Asset.Status status) {
            return switch (status) {
                case QUEUED -> queued;
                case PROCESSING -> processing;
                case READY -> ready;
                case FAILED -> failed;
            };
        }

        long total() {
            return queued + processing + ready + failed;
        }
    }

    private record OfTraits(Traits traits, long sidecars) {}

    /** What the org's archive is made of now. */
    @Transactional(readOnly = true)
    public ArchiveSummary summary(OrgId org) {
        States states = jdbc.sql(ASSETS).param("org", org.value()).query(States.class).single();
        List<OfTraits> described =
                jdbc.sql(SIDECARS)
                        .param("org", org.value())
                        .query((row, _) ->
                                new OfTraits(
                                        Traits.parse(row.getString("traits")),
                                        row.getLong("sidecars")))
                        .list();
        return new ArchiveSummary(
                states.total(),
                states.bytes(),
                byCount(
                        Arrays.stream(Asset.Status.values())
                                .map(status -> new Count(status.wireName(), states.of(status)))
                                .filter(count -> count.count() > 0)),
                byCount(counts(described, Traits::container)),
                byCount(counts(described, Traits::videoCodec)),
                inOrder(
                        counts(described, Traits::resolution),
                        Arrays.stream(Resolution.values()).map(Resolution::wireName).toList()),
                inOrder(
                        counts(described, Traits::duration),
                        Arrays.stream(Length.values()).map(Length::wireName).toList()),
                byCount(counts(described, Traits::hdrClass)));
    }

    private static Stream<Count> counts(
            List<OfTraits> described, Function<Traits, @Nullable String> key) {
        Map<String, Long> counts = new HashMap<>();
        for (OfTraits one : described) {
            String name = key.apply(one.traits());
            if (name != null) {
                counts.merge(name, one.sidecars(), Long::sum);
            }
        }
        return counts.entrySet().stream().map(entry -> new Count(entry.getKey(), entry.getValue()));
    }

    private static List<Count> inOrder(Stream<Count> counts, List<String> order) {
        return counts.sorted(Comparator.comparingInt(count -> order.indexOf(count.key()))).toList();
    }

    private static List<Count> byCount(Stream<Count> counts) {
        List<Count> sorted =
                counts.sorted(
                                Comparator.comparingLong(Count::count)
                                        .reversed()
                                        .thenComparing(Count::key))
                        .toList();
        if (sorted.size() <= MOST_KEYS) {
            return sorted;
        }
        List<Count> shown = new ArrayList<>(sorted.subList(0, MOST_KEYS));
        shown.add(new Count(OTHERS, sorted.stream().skip(MOST_KEYS).mapToLong(Count::count).sum()));
        return shown;
    }

    /** Makes one row of each org's many; the sums stay. */
    @Transactional
    void fold() {
        jdbc.sql(FOLD_ASSETS).update();
        jdbc.sql(FOLD_SIDECARS).update();
    }
}
