package io.heimdex.archive.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.Aside;
import io.heimdex.archive.chaos.Ledger.Held;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.FileSystemUtils;

/** A run over many partitions whose worker processes are killed in the middle of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Aside
class PartitionFailureTests {

    /** A machine that is busy may hold a worker for seconds; that must not count as its death. */
    private static final Plan PLAN =
            Plan.FULL.with(
                    "--workers",
                    "3",
                    "--heartbeat-s",
                    "1",
                    "--missed-heartbeats",
                    "6",
                    "--probe-ms",
                    "20",
                    "--assets",
                    "2400");

    private static final int ASSETS_OF_A_RUN = 600;

    /** Who is killed. */
    enum Dies {
        MANAGER,
        WORKER,
        BOTH
    }

    private Path folder = Path.of("target", "chaos");
    private ChaosDatabase database;
    private Ledger ledger;
    private Archive archive;
    private Fleet fleet;

    @BeforeAll
    void startThreeWorkers() throws IOException, InterruptedException {
        Path runs = Files.createDirectories(Path.of("target", "chaos").toAbsolutePath());
        folder = Files.createTempDirectory(runs, "partitions-");
        database = ChaosDatabase.start(folder.resolve("postgres"), runs.resolve("binaries"));
        ledger = new Ledger(database.ownerUrl("ledger"));
        List<String> settings = Archive.settings(folder, PLAN);
        archive = Archive.open(folder, PLAN, ledger, settings, database);
        ledger.install();
        archive.fill();
        fleet = new Fleet(folder, PLAN, settings, database);
    }

    @AfterAll
    void end() throws IOException {
        fleet.close();
        archive.close();
        ledger.close();
        database.close();
        FileSystemUtils.deleteRecursively(folder);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsLeftIsDoneByThoseLeft(Dies who) throws IOException {
        fleet.fill();
        assertThat(Until.within(60, () -> fleet.all(Worker::working))).isTrue();
        int probedTwice = probedTwice();

        JobId job = archive.runOverOneOrg(ASSETS_OF_A_RUN);
        Set<String> victims = new HashSet<>();
        assertThat(Until.within(60, () -> victims.addAll(victims(job, who)))).isTrue();
        fleet.working().stream()
                .filter(worker -> victims.contains(worker.name()))
                .forEach(Worker::kill);

        assertThat(victims).hasSize(who == Dies.BOTH ? 2 : 1);
        assertThat(archive.view(job).status()).isEqualTo(JobView.Status.RUNNING);
        assertThat(Until.within(60, () -> archive.view(job).status().ended()))
                .as(() -> String.join("\n", ledger.whatIsStuck()))
                .isTrue();
        JobView ended = archive.view(job);
        assertThat(ended.status()).isEqualTo(JobView.Status.SUCCEEDED);
        assertThat(ended.progress().total()).isEqualTo(ASSETS_OF_A_RUN);
        assertThat(ended.progress().done()).isEqualTo(ASSETS_OF_A_RUN);
        assertThat(ended.attempt()).isEqualTo(who == Dies.WORKER ? 1 : 2);
        assertThat(ledger.duplicates()).isZero();
        assertThat(Until.within(30, () -> ledger.stuck() == 0))
                .as(() -> String.join("\n", ledger.whatIsStuck()))
                .isTrue();
        int partitions =
                Runtime.getRuntime().availableProcessors()
                        * (who == Dies.WORKER ? 1 : PLAN.workers());
        assertThat(probedTwice() - probedTwice)
                .as(
                        "probed again are at most the chunks in hand; all let go of them with the manager")
                .isBetween(0, partitions * PLAN.chunk());
    }

    /** Those to kill, once the run is under way on more than the manager. */
    private Set<String> victims(JobId job, Dies who) {
        if (archive.view(job).progress().done() == 0) {
            return Set.of();
        }
        List<Held> held =
                ledger.held().stream().filter(task -> task.job().equals(job.value())).toList();
        Set<String> managers = workers(held, true);
        Set<String> others = workers(held, false);
        others.removeAll(managers);
        if (managers.size() != 1 || others.isEmpty()) {
            return Set.of();
        }
        String other = others.iterator().next();
        return switch (who) {
            case MANAGER -> managers;
            case WORKER -> Set.of(other);
            case BOTH -> Set.of(managers.iterator().next(), other);
        };
    }

    private static Set<String> workers(List<Held> held, boolean ofWholeJobs) {
        return held.stream()
                .filter(task -> (task.after() == null) == ofWholeJobs)
                .map(Held::worker)
                .collect(Collectors.toSet());
    }

    private int probedTwice() throws IOException {
        List<String> probes = fleet.probed();
        return probes.size() - new HashSet<>(probes).size();
    }
}
