package io.heimdex.archive.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestDatabase;
import io.heimdex.archive.tenancy.OrgId;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The number of an org's assets, which nothing counts one by one. */
@ServiceTest
class AssetBudgetTests {

    @Autowired AssetBudget budget;
    @Autowired TestDatabase database;

    private final OrgId org = new OrgId(TestApi.newOrg());

    @Test
    void itIsTheNumberOfAssetsWhateverIsDoneToThem() {
        for (int i = 0; i < 30; i++) {
            add("'asset-" + i + "'");
        }
        assertThat(budget.count(org)).isEqualTo(30);
        // Some of them again.
        database.asOwner()
                .sql(
                        """
                        insert into asset (org_id, asset_id, source_uri, filename, size_bytes)
                        select :org, 'asset-' || i, 'file:///a', 'a', 1 from generate_series(20, 39) i
                        on conflict (org_id, asset_id) do update set updated_at = now()
                        """)
                .param("org", org.value())
                .update();
        assertThat(budget.count(org)).isEqualTo(40);

        budget.fold();

        assertThat(budget.count(org)).isEqualTo(40);
        assertThat(rows()).isEqualTo(1);
        database.asOwner()
                .sql("delete from asset where org_id = :org and asset_id like 'asset-1%'")
                .param("org", org.value())
                .update();
        assertThat(budget.count(org)).isEqualTo(29);
    }

    private void add(String id) {
        database.asOwner()
                .sql(
                        "insert into asset (org_id, asset_id, source_uri, filename, size_bytes)"
                                + " values (:org, "
                                + id
                                + ", 'file:///a', 'a', 1)")
                .param("org", org.value())
                .update();
    }

    private int rows() {
        return database.asOwner()
                .sql("select count(*) from asset_count where org_id = :org")
                .param("org", org.value())
                .query(Integer.class)
                .single();
    }
}
