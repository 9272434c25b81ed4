package io.heimdex.archive.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestDatabase;
import io.heimdex.archive.quota.RequestBudget.Standing;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Reach;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.util.unit.DataSize;

/** Tokens for requests, on several nodes. */
@ServiceTest
class RequestBudgetTests {

    private static final int QUOTA = 600;

    @Autowired JdbcClient jdbc;
    @Autowired DataSource dataSource;
    @Autowired TestDatabase database;

    private final OrgId org = new OrgId(TestApi.newOrg());

    @Test
    void allNodesTogetherLetThroughNoMoreThanThereIs() throws Exception {
        List<RequestBudget> nodes = List.of(node(QUOTA), node(QUOTA), node(QUOTA));
        long start = System.nanoTime();
        int granted = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> clients = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                RequestBudget node = nodes.get(i % nodes.size());
                clients.add(threads.submit(() -> granted(node, 100)));
            }
            for (Future<Integer> client : clients) {
                granted += client.get();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;

        // Ten more come every second; each node may have some left.
        assertThat((double) granted).isBetween((double) QUOTA, QUOTA + seconds * QUOTA / 60 + 1);
    }

    @Test
    void aNodeAsksTheDatabaseOnceForManyRequests() {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        RequestBudget node =
                node(
                        QUOTA,
                        JdbcClient.create(
                                new DelegatingDataSource(dataSource) {
                                    @Override
                                    public java.sql.Connection getConnection() throws SQLException {
                                        asked.add("");
                                        return super.getConnection();
                                    }
                                }));

        // After the last token it knows for how long there is none.
        assertThat(granted(node, 2 * QUOTA)).isGreaterThanOrEqualTo(QUOTA);
        assertThat(asked).hasSizeBetween(100, 300);
    }

    @Test
    void aNodeTakesNoMoreThanAThousandAtOnce() {
        RequestBudget node = node(1_000_000);

        assertThat(take(node).left()).isEqualTo(999_999);
        assertThat(granted(node, 999)).isEqualTo(999);
        assertThat(
                        database.asOwner()
                                .sql("select taken from request_budget where org_id = :org")
                                .param("org", org.value())
                                .query(Integer.class)
                                .single())
                .isEqualTo(1_000);
    }

    @Test
    void theBucketFillsUpAgain() {
        assertThat(granted(node(QUOTA), 2 * QUOTA)).isGreaterThanOrEqualTo(QUOTA);
        passed("30 s");

        assertThat(granted(node(QUOTA), 2 * QUOTA)).isBetween(QUOTA / 2, QUOTA - 1);

        passed("1 day");
        Standing standing = take(node(QUOTA));
        assertThat(standing.left()).isEqualTo(QUOTA - 1);
    }

    @Test
    void aSmallerQuotaHoldsAtOnce() {
        take(node(QUOTA));

        assertThat(granted(node(6), 100)).isBetween(6, 10);
    }

    @Test
    void withoutADatabaseNobodyIsTurnedAway() {
        RequestBudget cutOff =
                node(
                        QUOTA,
                        JdbcClient.create(
                                new DelegatingDataSource(dataSource) {
                                    @Override
                                    public java.sql.Connection getConnection() throws SQLException {
                                        throw new SQLException("as the test asked");
                                    }
                                }));

        assertThat(granted(cutOff, 1_000)).isEqualTo(1_000);
    }

    @Test
    void aQuotaOfNothingIsNone() {
        assertThat(take(node(0))).isEqualTo(new Standing(true, 0, 0, 0));
    }

    private void passed(String time) {
        database.asOwner()
                .sql(
                        "update request_budget set counted_at = counted_at - :time::interval"
                                + " where org_id = :org")
                .param("time", time)
                .param("org", org.value())
                .update();
    }

    private int granted(RequestBudget node, int requests) {
        return (int)
                IntStream.range(0, requests)
                        .mapToObj(_ -> take(node))
                        .filter(Standing::granted)
                        .count();
    }

    private Standing take(RequestBudget node) {
        return Reach.ofOrg(org, () -> node.take(org));
    }

    private RequestBudget node(int quota) {
        return node(quota, jdbc);
    }

    private static RequestBudget node(int quota, JdbcClient jdbc) {
        return new RequestBudget(
                jdbc,
                new Quotas(new QuotaSettings(quota, DataSize.ofBytes(0), 0, 0, 0, 0, Map.of())));
    }
}
