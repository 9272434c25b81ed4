package io.heimdex.archive.chaos;

import com.zaxxer.hikari.HikariDataSource;
import io.heimdex.archive.HeimdexApplication;
import io.heimdex.archive.asset.SidecarRequests;
import io.heimdex.archive.bulk.BulkRuns;
import io.heimdex.archive.bulk.RunOptions;
import io.heimdex.archive.bulk.RunSpec;
import io.heimdex.archive.bulk.RunType;
import io.heimdex.archive.bulk.Selection;
import io.heimdex.archive.chaos.StandInProber.Kind;
import io.heimdex.archive.ingest.Commits;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobView;
import io.heimdex.archive.job.Jobs;
import io.heimdex.archive.storage.AssetId;
import io.heimdex.archive.tenancy.Caller;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** The media, and a node of the product that only takes requests about them. Never harmed. */
final class Archive implements AutoCloseable {

    private static final int ORGS = 4;
    private static final int REAL_EVERY = 50;
    private static final int BAD_EVERY = 100;
    private static final int REGISTERING = 8;
    private static final int ATTEMPTS = 30;
    private static final Path SAMPLE = Path.of("samples", "tone-mono-8khz.wav");

    private final Path folder;
    private final Plan plan;
    private final Random random;
    private final Ledger ledger;
    private final ConfigurableApplicationContext node;
    private final Map<OrgId, Deque<AssetId>> left =
            new TreeMap<>(Comparator.comparing(OrgId::value));

    private Archive(Path folder, Plan plan, Ledger ledger, ConfigurableApplicationContext node) {
        this.folder = folder;
        this.plan = plan;
        this.random = new Random(plan.seed());
        this.ledger = ledger;
        this.node = node;
    }

    /** The settings that every node has. */
    static List<String> settings(Path folder, Plan plan) {
        List<String> settings = new ArrayList<>();
        settings.add("--heimdex.data-dir=" + folder.resolve("data"));
        settings.add("--heimdex.local.first-run=false");
        settings.add("--heimdex.worker.heartbeat-interval=" + plan.heartbeat());
        settings.add("--heimdex.worker.missed-heartbeats=" + plan.missedHeartbeats());
        settings.add(
                "--spring.datasource.hikari.connection-init-sql="
                        + "set idle_in_transaction_session_timeout = "
                        + plan.heartbeat().multipliedBy(plan.missedHeartbeats()).toMillis() / 2);
        settings.add("--heimdex.pipeline.chunk-size=" + plan.chunk());
        settings.add("--server.port=0");
        settings.add("--management.server.port=0");
        for (int i = 0; i < ORGS; i++) {
            settings.add("--heimdex.archives." + org(i) + "=" + archive(folder, org(i)));
        }
        return settings;
    }

    static Archive open(
            Path folder, Plan plan, Ledger ledger, List<String> settings, ChaosDatabase database) {
        List<String> all = new ArrayList<>(settings);
        all.add("--heimdex.database.url=" + database.url("client"));
        all.add("--heimdex.database.migration-url=" + database.ownerUrl("migrations"));
        all.add("--heimdex.roles=api");
        all.add("--logging.level.root=WARN");
        all.add("--spring.main.register-shutdown-hook=false");
        return new Archive(
                folder,
                plan,
                ledger,
                new SpringApplicationBuilder(HeimdexApplication.class)
                        .run(all.toArray(String[]::new)));
    }

    private static OrgId org(int number) {
        return new OrgId("org" + number);
    }

    private static Path archive(Path folder, OrgId org) {
        return folder.resolve("archives").resolve(org.value());
    }

    /** Makes the files and commits them. */
    void fill() throws IOException, InterruptedException {
        byte[] sample = Files.readAllBytes(SAMPLE);
        for (int i = 0; i < ORGS; i++) {
            Files.createDirectories(archive(folder, org(i)));
            left.put(org(i), new ArrayDeque<>());
        }
        List<Kind> kinds = kinds();
        List<Future<Found>> found = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(REGISTERING)) {
            for (int i = 0; i < plan.assets(); i++) {
                int number = i;
                found.add(threads.submit(() -> commit(kinds.get(number), number, sample)));
            }
            for (Future<Found> asset : found) {
                Objects.requireNonNull(left.get(asset.get().org())).add(asset.get().id());
            }
        } catch (ExecutionException e) {
            throw new IOException("the files cannot be committed", e);
        }
    }

    private record Found(OrgId org, AssetId id) {}

    private List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>(Collections.nCopies(plan.assets(), Kind.PLAIN));
        for (int i = 0; i < plan.assets(); i++) {
            if (i % REAL_EVERY == 0) {
                kinds.set(i, Kind.REAL);
            } else if (i % BAD_EVERY == 1) {
                kinds.set(i, Kind.BAD);
            }
        }
        for (int i = 0; i < plan.poison(); i++) {
            kinds.set(i, Kind.POISON);
        }
        Collections.shuffle(kinds, random);
        return kinds;
    }

    /** Every file differs from the others, and so is an asset of its own. */
    private Found commit(Kind kind, int number, byte[] sample) throws IOException {
        OrgId org = org(number % ORGS);
        String name = kind.prefix() + number + ".wav";
        Path file = archive(folder, org).resolve(name);
        byte[] tail = ("\n" + plan.seed() + " " + name).getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOf(sample, sample.length + tail.length);
        System.arraycopy(tail, 0, bytes, sample.length, tail.length);
        Files.write(file, kind == Kind.REAL ? bytes : tail);
        AssetId id =
                node.getBean(Commits.class).commit(org, null, file.toUri().toString(), null).id();
        ledger.expect(org.value(), id, name);
        return new Found(org, id);
    }

    int left() {
        return left.values().stream().mapToInt(Deque::size).sum();
    }

    /** Asks for one asset's sidecar. */
    void askForOne() {
        take(1).forEach((org, ids) -> {
            Caller caller = new Caller(org, "chaos", Set.of(Scope.JOBS_RUN));
            AssetId id = ids.getFirst();
            submit(() ->
                    node.getBean(SidecarRequests.class)
                            .forOne(
                                    caller,
                                    SidecarRequests.Wanted.SIDECAR,
                                    id,
                                    null,
                                    "{}",
                                    id.value()));
        });
    }

    /** Asks for many in one job, which is a run over partitions or not. */
    void askForMany(int count) {
        boolean run = random.nextInt(3) == 0;
        take(count).forEach((org, ids) -> submit(() -> run ? run(org, ids) : sidecars(org, ids)));
    }

    /** Asks for so many of one org in one run, or for all that are left of it. */
    JobId runOverOneOrg(int count) {
        Map.Entry<OrgId, List<AssetId>> taken = take(count).entrySet().iterator().next();
        return run(taken.getKey(), taken.getValue());
    }

    JobView view(JobId job) {
        return left.keySet().stream()
                .flatMap(org -> node.getBean(Jobs.class).find(org, job).stream())
                .findAny()
                .orElseThrow();
    }

    private JobId run(OrgId org, List<AssetId> ids) {
        List<String> assets = ids.stream().map(AssetId::value).toList();
        Selection selection =
                new Selection(null, null, null, assets, null).checked(RunType.REPROBE);
        return node.getBean(BulkRuns.class)
                .start(
                        org,
                        RunType.REPROBE,
                        new RunSpec(selection, RunOptions.DEFAULT),
                        "chaos",
                        ids.getFirst().value());
    }

    private JobId sidecars(OrgId org, List<AssetId> ids) {
        return ledger.jobOf(org.value(), ids.getFirst())
                .orElseGet(() -> node.getBean(SidecarRequests.class).forMany(org, ids, "chaos"));
    }

    /** Assets that were not asked for yet, of the org that has most of them. */
    private Map<OrgId, List<AssetId>> take(int count) {
        Map.Entry<OrgId, Deque<AssetId>> most =
                Collections.max(
                        left.entrySet(), Comparator.comparingInt(entry -> entry.getValue().size()));
        List<AssetId> taken = new ArrayList<>();
        while (taken.size() < count && !most.getValue().isEmpty()) {
            taken.add(most.getValue().remove());
        }
        return taken.isEmpty() ? Map.of() : Map.of(most.getKey(), taken);
    }

    /** Connections break when the server does; each request is one that can be repeated. */
    private static void submit(Supplier<JobId> request) {
        for (int i = 1; ; i++) {
            try {
                JobId _ = request.get();
                return;
            } catch (DataAccessException | TransactionException e) {
                if (i == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Takes new connections from now on. */
    void reconnect() {
        node.getBeansOfType(HikariDataSource.class).values().stream()
                .map(HikariDataSource::getHikariPoolMXBean)
                .forEach(pool -> pool.softEvictConnections());
    }

    @Override
    public void close() {
        node.close();
    }
}
