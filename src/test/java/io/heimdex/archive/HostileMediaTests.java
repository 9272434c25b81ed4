package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertGivesNothingAway;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heimdex.archive.ffmpeg.Cage;
import io.heimdex.archive.ffmpeg.CagedTool;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.hostile.Corpus;
import io.heimdex.archive.hostile.Damage;
import io.heimdex.archive.hostile.HostileArchive;
import io.heimdex.archive.hostile.PeakMemory;
import io.heimdex.archive.hostile.Processes;
import io.heimdex.archive.hostile.Strace;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.WarningCode;
import io.heimdex.archive.probe.ffprobe.TestProber;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The hostile corpus against the way that a file goes in the service: opened for its org, probed in
 * the cage. What comes of each case stands in {@code media/hostile.csv}.
 */
@Timeout(300)
@Aside
class HostileMediaTests {

    private static final int AT_ONCE = 2;
    private static final long MAX_MILLIS = 10_000;
    private static final int MAX_MEGABYTES = 1024;

    /** Of the service it is 8 s: a file that uses them up would only keep the tests waiting. */
    private static final Duration PROCESSOR_TIME = Duration.ofSeconds(5);

    /** Who calls is not answered, and has called by then. */
    private static final Duration UNANSWERED = Duration.ofSeconds(5);

    private static final int MUTANTS = Integer.getInteger("heimdex.mutants", 10_000);
    private static final int MUTANTS_AT_ONCE = 500;

    @TempDir private static Path folder;
    private static HostileArchive archive;

    /** How a case ended. */
    private record End(String outcome, long millis) {}

    @BeforeAll
    static void make() throws IOException {
        archive = new HostileArchive(folder);
    }

    @AfterAll
    static void end() throws IOException {
        archive.close();
    }

    @Test
    void everyCaseEndsAsTheTableSays() throws Exception {
        Map<String, String> table = table();
        assertThat(
                        archive.cases().keySet().stream()
                                .map(HostileMediaTests::row)
                                .collect(Collectors.toSet()))
                .isEqualTo(table.keySet());
        try (TestProber tools = TestProber.of(Sandbox.Mode.AUTO, PROCESSOR_TIME, AT_ONCE);
                PeakMemory memory = PeakMemory.of(program(tools))) {
            Map<String, End> ends = all(archive.cases(), file -> end(tools, file));

            List<String> others = new ArrayList<>();
            ends.forEach((name, end) -> {
                if (!List.of(Objects.requireNonNull(table.get(row(name)), name).split("\\|"))
                        .contains(end.outcome())) {
                    others.add(name + "," + end.outcome());
                }
            });
            assertThat(others).isEmpty();
            assertSwift(ends);
            Processes.awaitNone(program(tools));
            System.out.println(summary(ends, memory));
            assertThat(memory.megabytes()).isBetween(1L, (long) MAX_MEGABYTES);
        }
        assertThat(archive.called(1)).isFalse();
    }

    /** Thousands more, of which only is known that they must not do harm. */
    @Test
    @Tag("hostile")
    @Timeout(1800)
    void noMutantIsTooMuch() throws Exception {
        Path made = archive.folder("mutants");
        List<byte[]> good = new ArrayList<>();
        for (Path file : Corpus.formats(HostileArchive.SAMPLES).values()) {
            good.add(Files.readAllBytes(file));
        }
        try (TestProber tools = TestProber.of(Sandbox.Mode.AUTO, PROCESSOR_TIME, AT_ONCE);
                PeakMemory memory = PeakMemory.of(program(tools))) {
            Map<String, End> ends = new TreeMap<>();
            for (int from = 0; from < MUTANTS; from += MUTANTS_AT_ONCE) {
                Map<String, Path> mutants = new TreeMap<>();
                for (int i = from; i < Math.min(MUTANTS, from + MUTANTS_AT_ONCE); i++) {
                    byte[] mutant = Damage.mutant(good.get(i % good.size()), i);
                    mutants.put("mutant-" + i, Files.write(made.resolve("mutant-" + i), mutant));
                }
                ends.putAll(all(mutants, file -> end(tools, file)));
                for (Path mutant : mutants.values()) {
                    Files.delete(mutant);
                }
            }

            System.out.println(summary(ends, memory));
            assertThat(ends).hasSize(MUTANTS);
            assertSwift(ends);
            Processes.awaitNone(program(tools));
            assertThat(ends.values())
                    .extracting(End::outcome)
                    .noneMatch(ErrorCode.INTERNAL_ERROR.code()::equals)
                    .filteredOn(outcome -> outcome.startsWith("ready"))
                    .isNotEmpty();
            assertThat(memory.megabytes()).isBetween(1L, (long) MAX_MEGABYTES);
        }
        assertThat(archive.called(1)).isFalse();
    }

    private static Path program(TestProber tools) {
        return tools.installation().ffprobe().toAbsolutePath();
    }

    private static Map<String, String> table() throws IOException {
        Map<String, String> table = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("src/test/resources/media/hostile.csv"))) {
            if (!line.startsWith("#") && !line.isBlank()) {
                String[] cells = line.split(",", -1);
                assertThat(table.put(cells[0].strip(), cells[1].strip())).as(line).isNull();
            }
        }
        return table;
    }

    /** Files with flipped bits share a row. */
    private static String row(String name) {
        return name.replaceFirst("-flipped-\\d$", "-flipped");
    }

    private static End end(TestProber tools, Path file) {
        long start = System.nanoTime();
        String outcome;
        try (OpenedMedia media = archive.open(file)) {
            outcome = told(tools.prober().probe(media));
        } catch (HeimdexException e) {
            assertGivesNothingAway(e.detail());
            outcome = e.code().code();
        }
        return new End(outcome, (System.nanoTime() - start) / 1_000_000);
    }

    private static String told(ProbeOutcome outcome) {
        return switch (outcome) {
            case Rejected rejected -> {
                assertGivesNothingAway(rejected.message());
                yield rejected.code().code();
            }
            case Probed probed -> {
                assertThat(probed.raw()).doesNotContain(Corpus.SECRET, folder.toString());
                yield Stream.concat(
                                Stream.of("ready"),
                                probed.warnings().stream()
                                        .map(Warning::code)
                                        .filter(code -> code != WarningCode.MEDIA_ERRORS_REPORTED)
                                        .map(WarningCode::code)
                                        .distinct())
                        .collect(Collectors.joining(" "));
            }
        };
    }

    private interface Work<T> {
        T of(Path file) throws Exception;
    }

    private static <T> Map<String, T> all(Map<String, Path> cases, Work<T> work)
            throws InterruptedException, ExecutionException {
        try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
            Map<String, Future<T>> running = new TreeMap<>();
            cases.forEach((name, file) ->
                    running.put(name, workers.submit((Callable<T>) () -> work.of(file))));
            Map<String, T> done = new TreeMap<>();
            for (Map.Entry<String, Future<T>> one : running.entrySet()) {
                done.put(one.getKey(), one.getValue().get());
            }
            return done;
        }
    }

    /** On a machine that does other things too, each has a part of it only. */
    private static void assertSwift(Map<String, End> ends) {
        var machine = ManagementFactory.getOperatingSystemMXBean();
        double share =
                Math.max(1, machine.getSystemLoadAverage() / machine.getAvailableProcessors());
        assertThat(ends)
                .allSatisfy((name, end) ->
                        assertThat(end.millis()).as(name).isLessThan((long) (MAX_MILLIS * share)));
    }

    private static String summary(Map<String, End> ends, PeakMemory memory) {
        return "hostile: cases=%d slowest_ms=%d peak_mb=%d outcomes=%s"
                .formatted(
                        ends.size(),
                        ends.values().stream().mapToLong(End::millis).max().orElse(0),
                        memory.megabytes(),
                        ends.values().stream()
                                .collect(
                                        Collectors.groupingBy(
                                                End::outcome,
                                                TreeMap::new,
                                                Collectors.counting())));
    }

    @Test
    void noCaseOpensAnythingElse() throws Exception {
        assumeTrue(Strace.isHere(), "strace is here, to look at what ffprobe opens");
        try (TestProber tools = TestProber.of(Sandbox.Mode.NONE, PROCESSOR_TIME, AT_ONCE)) {
            for (List<String> command : tools.commands()) {
                try (CagedTool traced = traced(tools, command, Duration.ofSeconds(60))) {
                    Map<String, List<String>> outside =
                            all(archive.cases(), file -> outside(traced, tools, file));

                    outside.values().removeIf(List::isEmpty);
                    assertThat(outside).isEmpty();
                }
            }
            Processes.awaitNone(program(tools));
        }
        assertThat(archive.called(1)).isFalse();
    }

    /** The cage without a sandbox: ffprobe itself is to open nothing. */
    private static CagedTool traced(TestProber tools, List<String> command, Duration timeout) {
        List<String> quiet = new ArrayList<>(command);
        Collections.replaceAll(quiet, "error", "quiet");
        Cage cage = new Cage(timeout, Duration.ofSeconds(1), 8 << 20, 1L << 30, Sandbox.NONE);
        return new CagedTool(
                cage, Strace.command(quiet, tools.installation().environment()), Map.of());
    }

    private static List<String> outside(CagedTool traced, TestProber tools, Path file)
            throws IOException {
        try (OpenedMedia media = archive.open(file)) {
            return outside(traced.run(media.descriptor().orElseThrow()), tools);
        } catch (HeimdexException _) {
            return List.of();
        }
    }

    private static List<String> outside(CagedTool.Result result, TestProber tools) {
        assertThat(result.stderr()).contains("libavformat").hasSizeLessThan(60_000);
        return Strace.outside(result.stderr(), Objects.requireNonNull(program(tools).getParent()));
    }

    /**
     * With each wall taken away, and with all of them, so that it is known that the check can fail.
     */
    @ParameterizedTest
    @CsvSource({
        "hls-other-org,          leaks by name",
        "hls-other-org-up,       leaks by name",
        "hls-endless,            leaks by name",
        "ffconcat-sibling,       leaks by name",
        "vobsub,                 leaks by name",
        "dash-other-org,         leaks by name",
        "dash-other-org-renamed, leaks by name",
        "dash-other-org-url,     leaks by name and by descriptor",
        "dash-http,              calls by descriptor"
    })
    void withoutTheWallsAPlaylistLeaks(String name, String what) throws Exception {
        assumeTrue(Strace.isHere(), "strace is here, to look at what ffprobe opens");
        Path file = Objects.requireNonNull(archive.cases().get(name), name);
        try (TestProber tools = TestProber.of(Sandbox.Mode.NONE, PROCESSOR_TIME, 1)) {
            List<String> whole = tools.commands().getFirst();
            List<String> anyFormat = without(whole, "-format_whitelist");
            List<String> anyProtocol = with(whole, "-protocol_whitelist", "fd,file,http,tcp");
            List<String> neither = with(anyFormat, "-protocol_whitelist", "fd,file,http,tcp");
            List<String> byName =
                    List.of(program(tools).toString(), "-v", "error", "-i", file.toString());

            assertThat(outside(tools, whole, file)).isEmpty();
            assertThat(outside(tools, anyFormat, file)).isEmpty();
            assertThat(outside(tools, anyProtocol, file)).isEmpty();
            assertThat(outside(tools, neither, file).isEmpty())
                    .isNotEqualTo(what.contains("descriptor"));
            assertThat(outside(tools, byName, file))
                    .satisfies(opened ->
                            assertThat(
                                            opened.stream()
                                                    .anyMatch(place ->
                                                            !place.equals(file.toString())))
                                    .isEqualTo(what.contains("name")));
        }
        if (what.contains("calls")) {
            assertThat(archive.called(1_000)).isTrue();
        }
    }

    private static List<String> outside(TestProber tools, List<String> command, Path file)
            throws IOException {
        try (CagedTool traced = traced(tools, command, UNANSWERED)) {
            return outside(traced.run(file), tools);
        }
    }

    private static List<String> without(List<String> command, String option) {
        List<String> shorter = new ArrayList<>(command);
        int at = shorter.indexOf(option);
        shorter.subList(at, at + 2).clear();
        return shorter;
    }

    private static List<String> with(List<String> command, String option, String value) {
        List<String> other = new ArrayList<>(command);
        other.set(other.indexOf(option) + 1, value);
        return other;
    }
}
