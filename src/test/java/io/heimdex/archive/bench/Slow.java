package io.heimdex.archive.bench;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.heimdex.archive.HeimdexApplication;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.bench.ClientMix.Request;
import io.heimdex.archive.bench.ClientMix.Seen;
import io.heimdex.archive.bench.SlowClients.Kind;
import io.heimdex.archive.bench.SlowClients.Script;
import io.heimdex.archive.bench.SlowClients.Tally;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.coyote.AbstractProtocol;
import org.awaitility.Awaitility;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Measures what ordinary clients notice of very many slow ones. */
final class Slow {

    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration COUNTED = Duration.ofSeconds(20);
    private static final Duration ALL_THERE = Duration.ofSeconds(21);
    private static final Duration AT_MOST = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private static final int ASSETS = 60;
    private static final int CONNECTIONS = 2_000;
    private static final int UPLOADS = 200;
    private static final int ORGS = 6;
    private static final int UPLOAD_BYTES = 10_000_000;

    /** Those that the service has a deadline for. */
    private static final List<String> ENDED = List.of("silent", "body", "sips", "idle", "below");

    private final ServletWebServerApplicationContext node;
    private final TestApi api;
    private final List<Client> slow = new ArrayList<>();
    private final List<Answer> dripped = new ArrayList<>();
    private final Map<String, Tally> tallies = new TreeMap<>();
    private final List<Double> quiet = new ArrayList<>();
    private final List<Double> among = new ArrayList<>();
    private final List<Double> cpu = new ArrayList<>();
    private int errors;
    private long heldMin = Long.MAX_VALUE;
    private int databaseMax;

    private Slow(ServletWebServerApplicationContext node) {
        this.node = node;
        this.api = new TestApi(node);
    }

    /** Takes the data folder, and how many rounds. */
    public static void main(String[] args) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        // For the requests that want a connection of their own; it is read only once.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "connection");
        boolean good;
        try (ConfigurableApplicationContext node =
                SpringApplication.run(
                        HeimdexApplication.class,
                        "--heimdex.data-dir=" + args[0],
                        "--heimdex.local.first-run=false",
                        "--server.port=0",
                        "--management.server.port=0",
                        "--logging.level.root=ERROR")) {
            good =
                    new Slow((ServletWebServerApplicationContext) node)
                            .measure(Integer.parseInt(args[1]));
        }
        System.exit(good ? 0 : 1);
    }

    private boolean measure(int rounds) throws Exception {
        ClientMix clients = new ClientMix(requests());
        List<Kind> kinds = kinds();
        clients.work(WARM_UP);
        for (int round = 1; round <= rounds; round++) {
            quiet.add(tell("quiet " + round, clients.work(COUNTED)));
            try (SlowClients crowd = new SlowClients(port(), kinds, tallies)) {
                LockSupport.parkNanos(ALL_THERE.toNanos());
                among.add(tell("slow " + round, workWatched(clients, crowd)));
            }
            await("the slow have gone", () -> connections() < CONNECTIONS / 10);
        }
        tallies.forEach((kind, tally) -> System.out.println(kind + ": " + tally));
        int committed = committed();
        long left = left();
        boolean answers = api.withToken(null).get("/v1/health").status() == 200;
        double ratio = median(among) / median(quiet);
        System.out.printf(
                Locale.ROOT,
                "slow: connections=%d uploads=%d p95_quiet_ms=%.1f p95_slow_ms=%.1f ratio=%.2f errors=%d"
                        + " closed=%d held_min=%d db_max=%d slow_cpu_pct=%.0f left=%d%n",
                CONNECTIONS,
                UPLOADS,
                median(quiet),
                median(among),
                ratio,
                errors,
                tallies.values().stream().mapToInt(Tally::closed).sum(),
                heldMin,
                databaseMax,
                median(cpu),
                left);
        List<String> failures = new ArrayList<>();
        require(failures, answers, "the service does not answer");
        require(failures, ratio <= 2, "the p95 more than doubled");
        require(failures, errors == 0, "requests of the clients failed");
        require(
                failures,
                heldMin >= (CONNECTIONS + UPLOADS) * 9 / 10,
                "the slow were not all there");
        require(
                failures,
                ENDED.stream().allMatch(kind -> tally(kind).closed() > 0),
                "some of the slow were never cut off");
        require(failures, committed == 0, committed + " dripped uploads were committed");
        require(failures, left == 0, "dripped uploads left files");
        failures.forEach(System.err::println);
        return failures.isEmpty();
    }

    private static void require(List<String> failures, boolean good, String otherwise) {
        if (!good) {
            failures.add("FAILED: " + otherwise);
        }
    }

    /** What the clients ask for, of an org of theirs with some assets. */
    private List<Request> requests() throws IOException {
        Client client = api.as(TestApi.newOrg());
        String token = client.token();
        byte[] sample = Files.readAllBytes(TestApi.sample("h264-aac.mp4"));
        String source = client.upload("probed.mp4", sample).text("/presigned/asset_uri");
        String asset = client.commit(source).text("/asset_id");
        client.sidecarJob(asset);
        for (int i = 1; i < ASSETS; i++) {
            client.asset("small-" + i + ".bin", ("small " + i).getBytes(StandardCharsets.US_ASCII));
        }
        String named = "{\"source_uri\":\"" + source + "\"}";
        String list = api.base() + "/v1/assets?limit=50";
        String one = api.base() + "/v1/assets/" + asset;
        return List.of(
                new Request("list", list, token, null, false),
                new Request("asset", one, token, null, false),
                new Request("probe", api.base() + "/v1/ingest/probe", token, named, false),
                new Request("own-connection", list, token, null, true),
                new Request("sidecar", one + "/sidecar", token, null, false),
                new Request("commit", api.base() + "/v1/ingest/commit", token, named, false));
    }

    private List<Kind> kinds() {
        for (int i = 0; i < ORGS; i++) {
            Client client = api.as(TestApi.newOrg());
            client.asset("one.bin", new byte[] {1});
            slow.add(client);
        }
        for (int i = 0; i < UPLOADS; i++) {
            dripped.add(
                    of(i).post(
                                    "/v1/ingest/init",
                                    Map.of(
                                            "source_name",
                                            "dripped.bin",
                                            "content_length",
                                            UPLOAD_BYTES)));
        }
        String nothing = "";
        String letters = "GET /v1/assets HTTP/1.1\r\nHost: localhost\r\nX-Slow: aaaaaaaa";
        String lines = "X-Slow: aaaaaaaaaa\r\n";
        String json = "{" + " ".repeat(999);
        Duration second = Duration.ofSeconds(1);
        return List.of(
                new Kind("silent", 350, second, _ -> new Script("GET /v1/", nothing, 0)),
                new Kind("letters", 350, second, _ -> new Script(nothing, letters, 1)),
                new Kind(
                        "lines",
                        350,
                        Duration.ofSeconds(3),
                        _ -> new Script("GET /v1/assets HTTP/1.1\r\n", lines, lines.length())),
                new Kind("body", 350, second, i -> new Script(posting(i), json, 1)),
                new Kind("sips", 300, second, true, i -> new Script(asking(i), nothing, 0)),
                new Kind("idle", 300, second, _ -> new Script(get("/v1/health"), nothing, 0)),
                new Kind("below", UPLOADS / 2, second, i -> dripping(i, 1 << 10)),
                new Kind("above", UPLOADS / 2, second, i -> dripping(UPLOADS / 2 + i, 5 << 10)));
    }

    private String posting(int i) {
        return "POST /v1/ingest/probe HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + of(i).token()
                + "\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
    }

    /** So much that it does not fit into the buffers in between. */
    private static String asking(int i) {
        return i % 2 == 0
                ? get("/docs/swagger-ui-bundle.js").repeat(4)
                : get("/openapi.json").repeat(30);
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private Script dripping(int i, int piece) {
        URI url = URI.create(dripped.get(i).text("/presigned/upload_url"));
        String head =
                "PUT %s?%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
                        .formatted(url.getRawPath(), url.getRawQuery(), UPLOAD_BYTES);
        return new Script(head, "x".repeat(piece), piece);
    }

    /** The clients at work, and meanwhile a look at what the service holds. */
    private List<Seen> workWatched(ClientMix clients, SlowClients crowd) throws Exception {
        HikariPoolMXBean pool =
                node.getBean(DataSource.class).unwrap(HikariDataSource.class).getHikariPoolMXBean();
        Duration before = crowd.cpu();
        try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
            Future<List<Seen>> work = beside.submit(() -> clients.work(COUNTED));
            while (!work.isDone()) {
                heldMin = Math.min(heldMin, connections());
                databaseMax = Math.max(databaseMax, pool.getActiveConnections());
                LockSupport.parkNanos(LOOK_EVERY.toNanos());
            }
            cpu.add(100.0 * crowd.cpu().minus(before).toNanos() / COUNTED.toNanos());
            return work.get();
        }
    }

    /** Prints what the clients saw; the 95th percentile of all of it. */
    private double tell(String round, List<Seen> seen) {
        StringBuilder kinds = new StringBuilder();
        seen.stream()
                .collect(Collectors.groupingBy(Seen::kind, TreeMap::new, Collectors.toList()))
                .forEach((kind, some) -> kinds.append(" %s=%.1f".formatted(kind, p95(some))));
        List<String> problems =
                seen.stream().map(Seen::problem).filter(Objects::nonNull).distinct().toList();
        int failed = (int) seen.stream().filter(one -> one.problem() != null).count();
        errors += failed;
        System.out.printf(
                Locale.ROOT,
                "%s: %d requests, %d failed, p95 %.1f ms, of each kind%s%n",
                round,
                seen.size(),
                failed,
                p95(seen),
                kinds);
        problems.stream().limit(5).forEach(System.out::println);
        return p95(seen);
    }

    private static double p95(List<Seen> seen) {
        double[] millis = seen.stream().mapToDouble(Seen::millis).sorted().toArray();
        return millis[millis.length * 95 / 100];
    }

    /** How many dripped uploads the service takes for whole. */
    private int committed() {
        int committed = 0;
        for (int i = 0; i < UPLOADS; i++) {
            Answer answer = of(i).commit(dripped.get(i).text("/presigned/asset_uri"));
            committed += answer.status() == 404 ? 0 : 1;
        }
        return committed;
    }

    /** How many files there are of dripped uploads, after they have expired. */
    private long left() throws IOException {
        System.out.println("files of dripped uploads before they expire: " + files());
        JdbcClient owner =
                JdbcClient.create(
                        new DriverManagerDataSource(
                                node.getBean(JdbcConnectionDetails.class)
                                        .getJdbcUrl()
                                        .replace("user=heimdex_app", "user=postgres")));
        owner.sql(
                        "update upload set expires_at = now() - interval '7 hours' where content_length = ?")
                .param(UPLOAD_BYTES)
                .update();
        owner.sql(
                        "update scheduled_tasks set execution_time = now() where task_name = 'reap-uploads'")
                .update();
        await(
                "expired uploads are reaped",
                () ->
                        owner.sql("select count(*) from upload where content_length = ?")
                                        .param(UPLOAD_BYTES)
                                        .query(Long.class)
                                        .single()
                                == 0);
        return files();
    }

    private long files() throws IOException {
        long files = 0;
        for (Answer upload : dripped) {
            Path folder =
                    Objects.requireNonNull(
                            Path.of(URI.create(upload.text("/presigned/asset_uri"))).getParent());
            if (Files.exists(folder)) {
                try (Stream<Path> found = Files.list(folder)) {
                    files += 1 + found.count();
                }
            }
        }
        return files;
    }

    private Client of(int i) {
        return slow.get(i % ORGS);
    }

    private Tally tally(String kind) {
        return Objects.requireNonNull(tallies.get(kind));
    }

    private int port() {
        return Objects.requireNonNull(node.getWebServer()).getPort();
    }

    private long connections() {
        var connector =
                ((TomcatWebServer) Objects.requireNonNull(node.getWebServer()))
                        .getTomcat()
                        .getConnector();
        return ((AbstractProtocol<?>) connector.getProtocolHandler()).getConnectionCount();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void await(String what, BooleanSupplier condition) {
        Awaitility.await(what).atMost(AT_MOST).until(condition::getAsBoolean);
    }
}
