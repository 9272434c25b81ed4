package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertGivesNothingAway;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heimdex.archive.ffmpeg.Cage;
import io.heimdex.archive.ffmpeg.CagedTool;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.hostile.HostileArchive;
import io.heimdex.archive.hostile.PeakMemory;
import io.heimdex.archive.hostile.Processes;
import io.heimdex.archive.hostile.Strace;
import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.ffmpeg.TestDeepProber;
import io.heimdex.archive.probe.ffprobe.TestProber;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.thumbnail.ThumbnailOutcome.Refused;
import io.heimdex.archive.thumbnail.ThumbnailOutcome.Taken;
import io.heimdex.archive.thumbnail.ThumbnailPlan;
import io.heimdex.archive.thumbnail.ThumbnailPlan.Light;
import io.heimdex.archive.thumbnail.ThumbnailPolicy;
import io.heimdex.archive.thumbnail.ffmpeg.TestThumbnailer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hostile corpus against ffmpeg: pictures and a deep probe of every case, as if ffprobe had let
 * all of them through and found a video and a sound.
 */
@Tag("hostile")
@Timeout(1800)
class HostilePicturesTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    /** Its time is up, it is killed, and the next one is begun. */
    private static final Duration LONGEST = Duration.ofSeconds(12);

    /** What it asks when threads and large blocks are made. */
    private static final List<String> OF_THE_C_LIBRARY =
            List.of("/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu/online");

    private static final int MAX_MEGABYTES = 2048;

    private static final ThumbnailPlan PLAN =
            ThumbnailPlan.ofVideo(0, 10, 320, 180, Light.STANDARD, ThumbnailPolicy.USUAL);

    @TempDir private static Path folder;
    private static HostileArchive archive;
    private static TestProber tools;

    @BeforeAll
    static void make() throws IOException {
        archive = new HostileArchive(folder);
        tools = TestProber.of(Sandbox.Mode.NONE, TIMEOUT, 1);
    }

    @AfterAll
    static void end() throws IOException {
        tools.close();
        archive.close();
    }

    @Test
    void noCaseIsTooMuch() throws IOException {
        Sandbox sandbox = Sandbox.of(Sandbox.Mode.AUTO);
        Map<String, String> ends = new TreeMap<>();
        Map<String, Duration> slow = new TreeMap<>();
        try (TestThumbnailer thumbnailer = new TestThumbnailer(tools, sandbox, TIMEOUT);
                TestDeepProber deep = new TestDeepProber(tools, sandbox, TIMEOUT);
                PeakMemory memory = PeakMemory.of(program())) {
            archive.cases()
                    .forEach((name, file) -> {
                        long start = System.nanoTime();
                        ends.put(name, pictures(thumbnailer, file));
                        long middle = System.nanoTime();
                        ends.merge(name, deep(deep, file), (first, then) -> first + ", " + then);
                        long longest = Math.max(middle - start, System.nanoTime() - middle);
                        if (longest > LONGEST.toNanos()) {
                            slow.put(name, Duration.ofNanos(longest));
                        }
                    });

            System.out.printf("hostile-pictures: peak_mb=%d %s%n", memory.megabytes(), ends);
            assertThat(slow).isEmpty();
            assertThat(memory.megabytes()).isBetween(1L, (long) MAX_MEGABYTES);
        }
        // It was the real thing: what is merely cut has pictures and is decoded.
        assertThat(ends).containsEntry("avi-cut-at-25", "pictures, decoded");
        Processes.awaitNone(program());
        assertThat(archive.called(1)).isFalse();
    }

    private static String pictures(TestThumbnailer thumbnailer, Path file) {
        try (OpenedMedia media = archive.open(file)) {
            return switch (thumbnailer.take(media, PLAN)) {
                case Taken _ -> "pictures";
                case Refused refused -> {
                    assertGivesNothingAway(refused.message());
                    yield "none";
                }
            };
        } catch (HeimdexException e) {
            assertGivesNothingAway(e.detail());
            return e.code().code();
        }
    }

    private static String deep(TestDeepProber prober, Path file) {
        try (OpenedMedia media = archive.open(file)) {
            Warning warning = prober.measure(media).warning();
            if (warning == null) {
                return "decoded";
            }
            assertGivesNothingAway(warning.message());
            return "not decoded";
        } catch (HeimdexException e) {
            assertGivesNothingAway(e.detail());
            return e.code().code();
        }
    }

    @Test
    void noCaseOpensAnythingElse() throws IOException {
        assumeTrue(Strace.isHere(), "strace is here, to look at what ffmpeg opens");
        Map<String, List<String>> outside = new TreeMap<>();
        try (CagedTool pictures = traced(TestThumbnailer.command(tools.installation()));
                CagedTool deep = traced(TestDeepProber.command(tools.installation()))) {
            for (Map.Entry<String, Path> one : archive.cases().entrySet()) {
                try (OpenedMedia media = archive.open(one.getValue())) {
                    Path file = media.descriptor().orElseThrow();
                    List<String> opened = new ArrayList<>();
                    opened.addAll(
                            outside(
                                    pictures.run(
                                            file,
                                            TestThumbnailer.arguments(pictures, PLAN),
                                            TIMEOUT)));
                    opened.addAll(outside(deep.run(file, TestDeepProber.arguments(), TIMEOUT)));
                    outside.put(one.getKey(), opened);
                } catch (HeimdexException _) {
                    // It is not even opened.
                }
            }
        }
        assertThat(outside).hasSizeGreaterThan(60);
        outside.values().forEach(opened -> opened.removeAll(OF_THE_C_LIBRARY));
        outside.values().removeIf(List::isEmpty);
        assertThat(outside).isEmpty();
        Processes.awaitNone(program());
        assertThat(archive.called(1)).isFalse();
    }

    /** So the one before can fail. */
    @Test
    void toldANameItOpensMore() throws IOException {
        assumeTrue(Strace.isHere(), "strace is here, to look at what ffmpeg opens");
        Path list = Objects.requireNonNull(archive.cases().get("hls-other-org"));
        List<String> command = new ArrayList<>(TestDeepProber.command(tools.installation()));
        command.addAll(List.of("-i", list.toString(), "-f", "null", "-"));
        try (CagedTool named = traced(command)) {
            assertThat(outside(named.run(null))).anyMatch(place -> place.contains("theirs"));
        }
    }

    private static CagedTool traced(List<String> command) {
        Cage cage = new Cage(TIMEOUT, TIMEOUT, 64 << 20, 2L << 30, Sandbox.NONE);
        return new CagedTool(
                cage,
                CagedTool.Input.SEVERAL_DESCRIPTORS,
                Strace.command(command, tools.installation().environment()),
                Map.of());
    }

    private static List<String> outside(CagedTool.Result result) {
        assertThat(result.stderr()).contains("libavformat");
        return Strace.outside(result.stderr(), Objects.requireNonNull(program().getParent()));
    }

    private static Path program() {
        return Objects.requireNonNull(tools.installation().ffmpeg()).toAbsolutePath();
    }
}
