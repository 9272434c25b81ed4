package io.heimdex.archive.bench;

import io.heimdex.archive.HeimdexApplication;
import io.heimdex.archive.bulk.BulkRuns;
import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.bulk.RunSpec;
import io.heimdex.archive.bulk.RunType;
import io.heimdex.archive.bulk.Selection;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobView;
import io.heimdex.archive.job.Jobs;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.storage.local.LocalFiles;
import io.heimdex.archive.tenancy.OrgId;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Re-probes archives of synthetic assets, of which there are no files, with a stand-in prober that
 * starts no process: it says of each what the real one said of a sample.
 */
final class Scale {

    private static final String ASSETS =
            """
            insert into asset (org_id, asset_id, source_uri, filename, size_bytes)
            select :org, 'sha256:' || encode(sha256((:org || g)::bytea), 'hex'),
                'file:///synthetic/' || g || '.mp4', g || '.mp4', 48781
            from generate_series(1, :size) g
            """;

    private static final String SOURCES =
            """
            insert into asset_source (org_id, source_uri, asset_id, fingerprint)
            select org_id, source_uri, asset_id, 'synthetic' from asset where org_id = :org
            """;

    private static final int ROUNDS_OF_SMALL = 3;

    private Scale() {}

    /** Takes the data folder, and how many assets the three archives have. */
    public static void main(String[] args) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        List<Integer> sizes = Arrays.stream(args[1].split(",", -1)).map(Integer::valueOf).toList();
        try (ConfigurableApplicationContext node = start(Path.of(args[0]))) {
            HeapWatch heap = HeapWatch.start();
            run(node, "warm-up", sizes.getFirst());
            List<Double> micros = new ArrayList<>();
            for (int size : sizes) {
                micros.add(measured(node, size, size == sizes.getLast() ? 1 : ROUNDS_OF_SMALL));
            }
            tellSizes(node.getBean(JdbcClient.class));
            System.out.printf(
                    "scale: us_per_asset_1e4=%.0f us_per_asset_1e5=%.0f us_per_asset_1e6=%.0f"
                            + " flat=%.2f heap_mb=%d%n",
                    micros.get(0),
                    micros.get(1),
                    micros.get(2),
                    micros.get(2) / micros.get(0),
                    heap.mostMegabytes());
        }
        System.exit(0);
    }

    /** What an asset takes up in the database, one run of each in the history included. */
    private static void tellSizes(JdbcClient jdbc) {
        for (String table : List.of("asset", "asset_source", "sidecar", "job_item")) {
            System.out.printf(
                    "%s: %d bytes of table and %d of indexes for each asset%n",
                    table,
                    perAsset(jdbc, "pg_table_size", table),
                    perAsset(jdbc, "pg_indexes_size", table));
        }
    }

    private static long perAsset(JdbcClient jdbc, String function, String table) {
        return jdbc.sql("select " + function + "(:table::regclass) / count(*) from asset")
                .param("table", table)
                .query(Long.class)
                .single();
    }

    private static double measured(ConfigurableApplicationContext node, int size, int rounds) {
        List<Double> micros = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            double each = run(node, "scale-" + size + "-" + i, size);
            System.out.printf("%d assets: %.0f us each, %.0f/s%n", size, each, 1e6 / each);
            micros.add(each);
        }
        Collections.sort(micros);
        return micros.get(micros.size() / 2);
    }

    /** The service works as a role that may not clean tables up. */
    private static JdbcClient owner(ConfigurableApplicationContext node) {
        JdbcConnectionDetails service = node.getBean(JdbcConnectionDetails.class);
        String url = service.getJdbcUrl().replace(service.getUsername(), "postgres");
        return JdbcClient.create(new DriverManagerDataSource(url, "postgres", ""));
    }

    private static double run(ConfigurableApplicationContext node, String name, int size) {
        JdbcClient jdbc = node.getBean(JdbcClient.class);
        OrgId org = new OrgId(name);
        jdbc.sql(ASSETS).param("org", name).param("size", size).update();
        jdbc.sql(SOURCES).param("org", name).update();
        owner(node).sql("vacuum analyze asset, asset_source, sidecar, job_item").update();
        Selection missing =
                new Selection(Selection.Which.MISSING, null, null, null, null)
                        .checked(RunType.REPROBE);
        JobId job =
                node.getBean(BulkRuns.class)
                        .start(
                                org,
                                RunType.REPROBE,
                                new RunSpec(missing, RunOptions.DEFAULT),
                                "bench",
                                null);
        JobView view;
        do {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            view = node.getBean(Jobs.class).find(org, job).orElseThrow();
        } while (!view.status().ended());
        if (view.status() != JobView.Status.SUCCEEDED
                || view.progress().done() != size
                || view.progress().failed() != 0) {
            throw new IllegalStateException("the run went wrong: " + view);
        }
        Instant from = view.startedAt();
        Instant to = view.finishedAt();
        if (from == null || to == null) {
            throw new IllegalStateException("the run has no times: " + view);
        }
        return Duration.between(from, to).toNanos() / 1000.0 / size;
    }

    private static ConfigurableApplicationContext start(Path data) {
        return new SpringApplicationBuilder(HeimdexApplication.class)
                .initializers((GenericApplicationContext context) -> {
                    context.registerBean(
                            "standInProber",
                            MediaProber.class,
                            () ->
                                    new OneAnswer(
                                            context.getBean("ffprobeProber", MediaProber.class)),
                            bean -> bean.setPrimary(true));
                    context.registerBean(
                            "standInStore",
                            MediaStore.class,
                            () ->
                                    withoutFiles(
                                            context.getBean("localMediaStore", MediaStore.class)),
                            bean -> bean.setPrimary(true));
                })
                .run(
                        "--heimdex.data-dir=" + data,
                        "--heimdex.local.first-run=false",
                        "--server.port=0",
                        "--management.server.port=0",
                        "--logging.level.root=WARN");
    }

    /** The real store, but for files that are to be opened. */
    private static MediaStore withoutFiles(MediaStore real) {
        return (MediaStore)
                Proxy.newProxyInstance(
                        Scale.class.getClassLoader(),
                        new Class<?>[] {MediaStore.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("open")) {
                                return new NoFile((SourceUri) arguments[1]);
                            }
                            try {
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    /** Says of every file what the real prober said of one. */
    private static final class OneAnswer implements MediaProber {

        private final Tools tools;
        private final ProbeOutcome answer;

        OneAnswer(MediaProber real) {
            this.tools = real.tools();
            try (OpenedMedia sample = LocalFiles.open(Path.of("samples/h264-aac.mp4"))) {
                this.answer = real.probe(sample, null);
            }
        }

        @Override
        public ProbeOutcome probe(OpenedMedia media, @Nullable Duration timeout) {
            return answer;
        }

        @Override
        public Tools tools() {
            return tools;
        }
    }

    private record NoFile(SourceUri uri) implements OpenedMedia {

        @Override
        public long size() {
            return 48_781;
        }

        @Override
        public Instant modifiedAt() {
            return Instant.EPOCH;
        }

        @Override
        public String fingerprint() {
            return "synthetic";
        }

        @Override
        public InputStream newInputStream() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Path> descriptor() {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] read(long position, int length) {
            throw new UnsupportedOperationException("nobody reads the stand-in");
        }

        @Override
        public boolean unchanged() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** The most heap that was in use, looked at twice a second. */
    private static final class HeapWatch {

        private volatile long most;

        static HeapWatch start() {
            HeapWatch watch = new HeapWatch();
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        while (true) {
                            watch.most =
                                    Math.max(
                                            watch.most,
                                            ManagementFactory.getMemoryMXBean()
                                                    .getHeapMemoryUsage()
                                                    .getUsed());
                            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                        }
                    });
            return watch;
        }

        long mostMegabytes() {
            return most >> 20;
        }
    }
}
