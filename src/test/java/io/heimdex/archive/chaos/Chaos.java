package io.heimdex.archive.chaos;

import io.heimdex.archive.chaos.Ledger.Held;
import io.heimdex.archive.chaos.Plan.Fault;
import io.heimdex.archive.chaos.StandInProber.Kind;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * Runs jobs on worker processes that are killed, told to stop and paused, over a database that
 * crashes and loses its sessions, until all faults of a plan have hit work that was going on. Then
 * lets the workers come to an end, and counts.
 */
final class Chaos {

    private static final long START_SECONDS = 120;
    private static final long FAULT_SECONDS = 180;
    private static final long TERM_SECONDS = 30;
    private static final long END_SECONDS = 60;

    /** How long nothing may move at the end; a takeover and a database's restart fit in. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** A fault hits anywhere in a chunk, which takes about as long. */
    private static final Duration PHASE = Duration.ofMillis(80);

    private static final int BACKLOG = 4;
    private static final double BACKLOG_SHARE = 0.05;
    private static final Pattern REJECTED =
            Pattern.compile("OptimisticLockingFailureException: .*?step execution (?:id=)?(\\d+)");

    private final Plan plan;
    private final PrintStream out;
    private final Random random;
    private final Path folder;
    private final ChaosDatabase database;
    private final Ledger ledger;
    private final Archive archive;
    private final Fleet fleet;

    private final Map<Fault, Integer> happened = new EnumMap<>(Fault.class);
    private final List<Loss> losses = new ArrayList<>();
    private final List<Pause> pauses = new ArrayList<>();
    private final List<Term> terms = new ArrayList<>();
    private final Instant begun = Instant.now();
    private int slowTerms;
    private int faultsLeft;

    private Chaos(
            Plan plan,
            PrintStream out,
            Path folder,
            ChaosDatabase database,
            Ledger ledger,
            Archive archive,
            Fleet fleet) {
        this.plan = plan;
        this.out = out;
        this.random = new Random(plan.seed());
        this.folder = folder;
        this.database = database;
        this.ledger = ledger;
        this.archive = archive;
        this.fleet = fleet;
    }

    /** A task whose worker was lost. */
    private record Loss(Held held, Instant at) {}

    private record Pause(Worker worker, List<Held> held, Instant at) {}

    private record Term(Worker worker, Instant at) {}

    public static void main(String[] args) throws Exception {
        Report report = run(Plan.FULL.with(args), System.out);
        List<String> wrong = new ArrayList<>(report.faults());
        if (report.reprobedTooMuch()) {
            wrong.add("too much was probed again");
        }
        if (report.tookOverTooLate()) {
            wrong.add("takeovers took too long");
        }
        wrong.forEach(System.out::println);
        System.out.println(report.line());
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    /** Leaves the logs of a run in which something was wrong. */
    static Report run(Plan plan, PrintStream out) throws IOException, InterruptedException {
        Path runs = Files.createDirectories(Path.of("target", "chaos").toAbsolutePath());
        Path folder = Files.createTempDirectory(runs, "run-");
        Report report;
        try (ChaosDatabase database =
                        ChaosDatabase.start(folder.resolve("postgres"), runs.resolve("binaries"));
                Ledger ledger = new Ledger(database.ownerUrl("ledger"));
                Ending ending = new Ending()) {
            List<String> settings = Archive.settings(folder, plan);
            try (Archive archive = Archive.open(folder, plan, ledger, settings, database);
                    Fleet fleet = new Fleet(folder, plan, settings, database)) {
                ending.first(fleet, database);
                report = new Chaos(plan, out, folder, database, ledger, archive, fleet).run();
            }
        }
        if (report.faults().isEmpty()) {
            FileSystemUtils.deleteRecursively(folder);
        } else {
            out.println("logs are in " + folder);
        }
        return report;
    }

    private Report run() throws IOException, InterruptedException {
        ledger.install();
        archive.fill();
        out.printf("%d assets are registered%n", plan.assets());
        fleet.fill();
        require(
                Until.within(START_SECONDS, () -> fleet.all(Worker::working)),
                "the workers do not start");
        for (int i = 0; i < BACKLOG; i++) {
            archive.askForMany((int) (plan.assets() * BACKLOG_SHARE));
        }
        List<Fault> faults = plan.faults();
        faultsLeft = faults.size();
        for (Fault fault : faults) {
            work();
            if (!Until.within(FAULT_SECONDS, () -> tendAnd(() -> strikes(fault)))) {
                out.printf("%s found nothing to hit%n", fault);
            }
            faultsLeft--;
            out.printf(
                    "%d s: %s; %d faults to go, %d assets to ask for, %s%n",
                    Duration.between(begun, Instant.now()).toSeconds(),
                    fault,
                    faultsLeft,
                    archive.left(),
                    happened);
        }
        while (archive.left() > 0) {
            archive.askForMany(archive.left());
        }
        Until.within(FAULT_SECONDS, () -> tendAnd(() -> pauses.isEmpty() && terms.isEmpty()));
        comeToAnEnd();
        return count();
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    /** Asks for as much work as falls to one fault. */
    private void work() {
        int share = archive.left() / (faultsLeft + 1);
        archive.askForOne();
        archive.askForMany(share / 2 + random.nextInt(share + 1));
    }

    private interface Attempt {
        boolean made() throws IOException, InterruptedException;
    }

    private boolean tendAnd(Attempt attempt) {
        try {
            fleet.fill();
            wakeThoseTakenOver();
            forgetThoseEnded();
            return attempt.made();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A worker is woken when everything that it held is with others; only then was it a fault. */
    private void wakeThoseTakenOver() {
        if (pauses.isEmpty()) {
            return;
        }
        List<Held> held = ledger.held();
        List<Pause> over =
                pauses.stream()
                        .filter(pause ->
                                held.stream().noneMatch(pause.held()::contains)
                                        && pause.held().stream()
                                                .allMatch(task -> goesOn(task, pause.at())))
                        .toList();
        over.forEach(pause -> {
            pause.worker().wake();
            happened.merge(Fault.STOP, 1, Integer::sum);
        });
        pauses.removeAll(over);
        pauses.removeIf(pause -> {
            boolean hopeless = pause.at().plusSeconds(FAULT_SECONDS).isBefore(Instant.now());
            if (hopeless) {
                out.printf("nobody took over from %s%n", pause.worker().name());
                pause.worker().wake();
            }
            return hopeless;
        });
    }

    /** Without a fence only what is all done shows what a woken worker does to it. */
    private boolean goesOn(Held task, Instant since) {
        return !ledger.queued(task)
                || (!plan.noFence()
                        && (ledger.gap(task, since).isPresent()
                                || lostAgain(new Loss(task, since)).findAny().isPresent()));
    }

    private void forgetThoseEnded() {
        terms.removeIf(term -> {
            Duration took = Duration.between(term.at(), Instant.now());
            if (!term.worker().alive()) {
                return true;
            }
            if (took.toSeconds() > TERM_SECONDS) {
                out.printf("%s does not end%n", term.worker().name());
                slowTerms++;
                term.worker().kill();
                return true;
            }
            return false;
        });
    }

    /** Whether the fault hit something. */
    private boolean strikes(Fault fault) throws IOException, InterruptedException {
        Map<String, List<Held>> held = heldByWorking();
        if (held.isEmpty()) {
            // Not before all workers are there, or those that start find nothing left to be hit at.
            if (fleet.all(Worker::working) && ledger.waiting() == 0 && ledger.held().isEmpty()) {
                work();
            }
            return false;
        }
        if (ledger.endangered()) {
            return false;
        }
        List<Worker> working = fleet.working();
        List<Worker> victims =
                working.stream()
                        .filter(worker -> held.containsKey(worker.name()))
                        .filter(worker -> terms.stream().noneMatch(term -> term.worker() == worker))
                        .toList();
        if (victims.isEmpty()) {
            return false;
        }
        Worker victim = victims.get(random.nextInt(victims.size()));
        LockSupport.parkNanos(random.nextLong(PHASE.toNanos()));
        if (ledger.endangered()) {
            return false;
        }
        boolean othersWork = working.size() - terms.size() > 1;
        boolean hit =
                switch (fault) {
                    case KILL -> othersWork && kill(victim);
                    case TERM -> othersWork && terminate(victim);
                    case STOP -> othersWork && pauses.isEmpty() && pause(victim);
                    case DB_RESTART -> crashDatabase();
                    case BACKEND_KILL ->
                            ledger.killBackend(
                                    held.keySet(), random.nextBoolean(), random.nextInt());
                };
        if (hit && fault != Fault.STOP) {
            happened.merge(fault, 1, Integer::sum);
        }
        return hit;
    }

    private Map<String, List<Held>> heldByWorking() {
        Set<String> working =
                fleet.working().stream().map(Worker::name).collect(Collectors.toSet());
        return ledger.held().stream()
                .filter(held -> working.contains(held.worker()))
                .collect(Collectors.groupingBy(Held::worker));
    }

    private List<Held> heldBy(Worker worker) {
        return ledger.held().stream().filter(held -> held.worker().equals(worker.name())).toList();
    }

    /** What the dead worker still holds is what it had in hand. */
    private boolean kill(Worker victim) {
        victim.kill();
        Instant at = Instant.now();
        List<Held> held = heldBy(victim);
        held.forEach(task -> losses.add(new Loss(task, at)));
        return !held.isEmpty();
    }

    private boolean terminate(Worker victim) {
        boolean holds = !heldBy(victim).isEmpty();
        victim.terminate();
        terms.add(new Term(victim, Instant.now()));
        return holds;
    }

    /** Only in mid-chunk: with files probed or being probed that are not committed. */
    private boolean pause(Worker victim) {
        victim.pause();
        Instant at = Instant.now();
        List<Held> held = heldBy(victim);
        List<String> probed = victim.probed();
        List<String> latest =
                probed.subList(Math.max(0, probed.size() - plan.chunk()), probed.size());
        if (held.isEmpty()
                || !ledger.unfinished(latest)
                || (plan.noFence() && ledger.inTransaction(victim.name()))) {
            victim.wake();
            return false;
        }
        pauses.add(new Pause(victim, held, at));
        held.forEach(task -> losses.add(new Loss(task, at)));
        return true;
    }

    private boolean crashDatabase() throws IOException, InterruptedException {
        database.crash();
        archive.reconnect();
        return true;
    }

    /** Ends when nothing is left to do, or nothing moves any more. */
    private void comeToAnEnd() {
        long[] seen = {-1};
        Instant[] moved = {Instant.now()};
        Until.within(
                Duration.ofDays(1).toSeconds(),
                () ->
                        tendAnd(() -> {
                            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
                            if (ledger.stuck() == 0 && ledger.lost() == 0) {
                                return true;
                            }
                            long progress = ledger.progress();
                            if (progress != seen[0]) {
                                seen[0] = progress;
                                moved[0] = Instant.now();
                            }
                            return moved[0].plus(PATIENCE).isBefore(Instant.now());
                        }));
    }

    private Report count() throws IOException {
        Until.within(END_SECONDS, () -> ledger.stuck() == 0);
        fleet.close();
        ledger.whatIsStuck().forEach(out::println);
        return new Report(
                plan,
                Map.copyOf(happened),
                ledger.lost(),
                ledger.duplicates(),
                reprobed(),
                ledger.stuck(),
                staleRejected(),
                gaps(),
                slowTerms,
                ledger.crashed(true),
                ledger.crashed(false),
                leftProcesses());
    }

    private List<Duration> gaps() {
        List<Duration> gaps = new ArrayList<>();
        for (Loss loss : losses) {
            Stream.concat(ledger.gap(loss.held(), loss.at()).stream(), lostAgain(loss))
                    .min(Duration::compareTo)
                    .ifPresent(gap -> {
                        gaps.add(gap);
                        if (gap.compareTo(Report.MAX_TAKEOVER) > 0) {
                            out.printf(
                                    "%s s for %s lost at %s%n",
                                    gap.toSeconds(), loss.held(), loss.at());
                        }
                    });
        }
        Collections.sort(gaps);
        return gaps;
    }

    /** A worker from which the same was lost later had taken it over by then. */
    private Stream<Duration> lostAgain(Loss loss) {
        return losses.stream()
                .filter(later -> later.at().isAfter(loss.at()))
                .filter(later -> later.held().takesOver(loss.held()))
                .map(later -> Duration.between(loss.at(), later.at()));
    }

    private long reprobed() throws IOException {
        List<String> probes = fleet.probed();
        probes.removeIf(name -> Kind.of(name) == Kind.POISON);
        return (long) probes.size() - new HashSet<>(probes).size();
    }

    /** From the logs, which outlive the counters of a killed worker. */
    private long staleRejected() throws IOException {
        long rejected = 0;
        for (String worker : fleet.names().toList()) {
            try (Stream<String> log = Files.lines(folder.resolve(worker + ".log"))) {
                rejected +=
                        log.map(REJECTED::matcher)
                                .filter(Matcher::find)
                                .map(found -> found.group(1))
                                .distinct()
                                .count();
            }
        }
        return rejected;
    }

    private long leftProcesses() {
        String tools = folder.resolve("data").resolve("native").toString();
        Until.within(TERM_SECONDS, () -> processesOf(tools).isEmpty());
        List<ProcessHandle> left = processesOf(tools);
        left.forEach(ProcessHandle::destroyForcibly);
        return left.size();
    }

    private static List<ProcessHandle> processesOf(String tools) {
        return ProcessHandle.allProcesses()
                .filter(process -> command(process).contains(tools))
                .toList();
    }

    /** All of it: ProcessHandle.Info ends after 4 KB, and a keeper has more before its tool. */
    private static String command(ProcessHandle process) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(process.pid()), "cmdline"),
                    StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }

    /** Ends what the run has started when the run itself is told to end. */
    private static final class Ending implements AutoCloseable {

        private final List<AutoCloseable> parts = new ArrayList<>();
        private final Thread hook = new Thread(this::endAll);

        void first(AutoCloseable... started) {
            parts.addAll(List.of(started));
            Runtime.getRuntime().addShutdownHook(hook);
        }

        private void endAll() {
            for (AutoCloseable part : parts) {
                try {
                    part.close();
                } catch (Exception e) {
                    // The next one may still end.
                }
            }
        }

        @Override
        public void close() {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
