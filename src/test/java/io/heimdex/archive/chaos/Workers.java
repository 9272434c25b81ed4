package io.heimdex.archive.chaos;

import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.util.FileSystemUtils;

/** Measures what more worker processes bring when a probe mostly waits, as for a slow bucket. */
final class Workers {

    private static final Plan PLAN =
            Plan.FULL.with("--probe-ms", "200", "--chunk", "32", "--assets", "40000");

    /** The run has so many for each worker, so that each level takes as long. */
    private static final int ASSETS_OF_A_WORKER = 2_400;

    /** 16 wait at once on each worker: the stand-in leaves a limit to each of two partitions. */
    private static final List<String> CONCURRENCY =
            List.of("--heimdex.worker.partitions=2", "--heimdex.probe.concurrency=8");

    private static final int START_SECONDS = 120;
    private static final int END_SECONDS = 600;

    private Workers() {}

    public static void main(String[] args) throws Exception {
        Path runs = Files.createDirectories(Path.of("target", "chaos").toAbsolutePath());
        Path folder = Files.createTempDirectory(runs, "workers-");
        List<String> settings = new ArrayList<>(Archive.settings(folder, PLAN));
        settings.addAll(CONCURRENCY);
        try (ChaosDatabase database =
                        ChaosDatabase.start(folder.resolve("postgres"), runs.resolve("binaries"));
                Ledger ledger = new Ledger(database.ownerUrl("ledger"));
                Archive archive = Archive.open(folder, PLAN, ledger, settings, database)) {
            ledger.install();
            archive.fill();
            System.out.printf("%d assets are registered%n", PLAN.assets());
            List<Double> perSecond = new ArrayList<>();
            for (int workers : List.of(1, 2, 4)) {
                perSecond.add(measured(workers, folder, settings, database, archive));
                System.out.printf("%d workers: %.1f/s%n", workers, perSecond.getLast());
            }
            double one = perSecond.getFirst();
            System.out.printf(
                    "workers: x1_per_s=%.1f x2=%.2f x4=%.2f%n",
                    one, perSecond.get(1) / one, perSecond.get(2) / one);
        }
        FileSystemUtils.deleteRecursively(folder);
        System.exit(0);
    }

    /** Assets a second, from the run's start to its end. */
    private static double measured(
            int workers,
            Path folder,
            List<String> settings,
            ChaosDatabase database,
            Archive archive)
            throws IOException {
        Path logs = Files.createDirectory(folder.resolve("x" + workers));
        Plan plan = PLAN.with("--workers", Integer.toString(workers));
        try (Fleet fleet = new Fleet(logs, plan, settings, database)) {
            fleet.fill();
            require(Until.within(START_SECONDS, () -> fleet.all(Worker::working)), "no start");
            int assets = workers * ASSETS_OF_A_WORKER;
            JobId job = archive.runOverOneOrg(assets);
            require(Until.within(END_SECONDS, () -> archive.view(job).status().ended()), "no end");
            JobView view = archive.view(job);
            require(
                    view.status() == JobView.Status.SUCCEEDED && view.progress().done() == assets,
                    "the run went wrong: " + view);
            Duration took =
                    Duration.between(
                            Objects.requireNonNull(view.startedAt()),
                            Objects.requireNonNull(view.finishedAt()));
            return assets / (took.toMillis() / 1000.0);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
