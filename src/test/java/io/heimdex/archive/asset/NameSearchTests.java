package io.heimdex.archive.asset;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.OrgId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A search that looks at a few names only and then leaves it to the next part to go on. */
@ServiceTest
class NameSearchTests {

    private static final int NAMES = 30;

    @Autowired AssetList list;
    @Autowired JdbcClient jdbc;

    private final OrgId org = new OrgId(TestApi.newOrg());

    /** Every third is of the third kind, the last one too. */
    @BeforeEach
    void names() {
        jdbc.sql(
                        """
                        insert into asset (org_id, asset_id, source_uri, filename, size_bytes, status)
                        select :org, 'sha256:' || lpad(n::text, 64, '0'), 'file:///' || n,
                               'Kind ' || n % 3 || ' of ' || n, 7, case when n < 16 then 'ready' else 'queued' end
                        from generate_series(1, :names) n
                        """)
                .param("org", org.value())
                .param("names", NAMES)
                .update();
    }

    @ParameterizedTest
    @CsvSource({
        // A window of more than there is; of all; of less than a part; one by one.
        "100, 100",
        "100, 4",
        "30, 100",
        "30, 10",
        "29, 10",
        "7, 4",
        "7, 3",
        "3, 4",
        "2, 1",
        "1, 4"
    })
    void allOfThemAreFoundWhateverTheWindowAndThePartsAre(int window, int limit) {
        List<Integer> thirds = IntStream.rangeClosed(1, NAMES / 3).map(n -> n * 3).boxed().toList();

        assertThat(numbers(filter("kind 0 OF", null), window, limit)).isEqualTo(thirds);
    }

    @Test
    void aPartIsShortWhereTheWindowEndsAndTheNextBeginsThere() {
        AssetList.Part first = list.part(org, filter("kind 0", null), null, 10, 7);

        assertThat(first.assets()).extracting(asset -> number(asset.id())).containsExactly(3, 6);
        assertThat(first.next()).isNotNull();
        assertThat(number(first.next())).isEqualTo(7);
        AssetList.Part none = list.part(org, filter("no such name", null), null, 10, 7);
        assertThat(none.assets()).isEmpty();
        assertThat(none.next()).isEqualTo(first.next());
        assertThat(list.part(org, filter("no such name", null), null, 10, NAMES + 1).next())
                .isNull();
    }

    @Test
    void whatElseIsAskedNarrowsWhatTheNamesFind() {
        assertThat(numbers(filter("kind 0", Asset.Status.QUEUED), 7, 2))
                .containsExactly(18, 21, 24, 27, 30);
        assertThat(numbers(filter("kind 0", Asset.Status.FAILED), 7, 2)).isEmpty();
    }

    private List<Integer> numbers(AssetFilter filter, int window, int limit) {
        List<Integer> numbers = new ArrayList<>();
        AssetId after = null;
        do {
            AssetList.Part part = list.part(org, filter, after, limit, window);
            assertThat(part.assets()).hasSizeLessThanOrEqualTo(limit);
            part.assets().forEach(asset -> numbers.add(number(asset.id())));
            after = part.next();
        } while (after != null);
        return numbers;
    }

    private static int number(AssetId id) {
        return Integer.parseInt(id.value().substring("sha256:".length()));
    }

    private static AssetFilter filter(String q, Asset.@Nullable Status status) {
        return new AssetFilter(status, null, null, null, null, null, null, null, null, q);
    }
}
