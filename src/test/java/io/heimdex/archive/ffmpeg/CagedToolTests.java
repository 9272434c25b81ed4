package io.heimdex.archive.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes: a shell plays the tool. */
@Timeout(15)
class CagedToolTests {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final int MAX_STDOUT = 1000;
    private static final int MAX_STDERR = 64 * 1024;
    private static final long MAX_MEMORY = 1L << 30;

    private static final Cage CAGE = new Cage(LONG, MAX_STDOUT, MAX_MEMORY, Sandbox.NONE);
    private static final Cage IMPATIENT = new Cage(SHORT, MAX_STDOUT, MAX_MEMORY, Sandbox.NONE);

    private final List<CagedTool> tools = new ArrayList<>();

    @AfterEach
    void close() {
        tools.forEach(CagedTool::close);
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0,        0",
        "exit 7,        7",
        "kill -SEGV $$, 139",
        "kill -KILL $$, 137",
        "kill -XCPU $$, 152"
    })
    void theExitCodeTellsHowTheToolEnded(String script, int exitCode) throws IOException {
        CagedTool.Result result = shell(script);

        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.timedOut()).isFalse();
    }

    @Test
    void outputAndMessagesAreKeptApart() throws IOException {
        assertThat(shell("echo öut; echo err >&2"))
                .isEqualTo(result(0, "öut\n", false, "err", false));
    }

    @Test
    void aToolThatIsNotThereIsAnExitCode() throws IOException {
        assertThat(tool("/no/such/tool").run(null).exitCode()).isEqualTo(127);
    }

    @Test
    void theEnvironmentIsEmptyButForWhatIsGiven() throws IOException {
        assertThat(System.getenv()).isNotEmpty();

        assertThat(tool("/usr/bin/env").run(null).stdout()).isEmpty();
        assertThat(tool(CAGE, Map.of("A", "b c"), "/usr/bin/env").run(null).stdout())
                .isEqualTo("A=b c\n");
    }

    @Test
    void theWorkingFolderIsTheRoot() throws IOException {
        assertThat(tool("/bin/pwd").run(null).stdout()).isEqualTo("/\n");
    }

    @Test
    void theGivenFileIsTheStandardInput(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "content");

        assertThat(tool("/bin/cat").run(file).stdout()).isEqualTo("content");
    }

    @Test
    void withoutAFileTheStandardInputIsEmpty() throws IOException {
        assertThat(tool("/bin/cat").run(null)).isEqualTo(result(0, "", false, "", false));
    }

    @Test
    void aFileThatCannotBeReadIsAnExitCode(@TempDir Path folder) throws IOException {
        CagedTool.Result result = tool("/bin/cat").run(folder.resolve("absent"));

        assertThat(result).isEqualTo(result(126, "", false, "", false));
    }

    @Test
    void theNameOfAFileIsNoOrder(@TempDir Path folder) throws IOException {
        Path odd = Files.writeString(folder.resolve("a $(id) 'b\\c"), "content");

        assertThat(tool("/bin/cat").run(odd).stdout()).isEqualTo("content");
        assertThatIOException().isThrownBy(() -> tool("/bin/cat").run(Path.of("/a\nb")));
    }

    @Test
    void runsFollowOneAnotherWhateverTheyWrite(@TempDir Path folder) throws IOException {
        CagedTool cat = tool("/bin/cat");
        for (String content : List.of("a", "", "\n", "no end", "two\nlines\n", "x".repeat(900))) {
            Path file = Files.writeString(folder.resolve("file"), content);

            assertThat(cat.run(file)).isEqualTo(result(0, content, false, "", false));
        }
    }

    @Test
    void runsAtTheSameTimeDoNotMeet(@TempDir Path folder) throws Exception {
        CagedTool cat = tool("/bin/cat");
        try (ExecutorService runners = Executors.newFixedThreadPool(8)) {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String content = "file " + i;
                Path file = Files.writeString(folder.resolve("file" + i), content);
                runs.add(
                        runners.submit(
                                () -> assertThat(cat.run(file).stdout()).isEqualTo(content)));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        }
    }

    @Test
    void eachRunIsAProcessOfItsOwnBelowOneThatIsUsedAgain() throws IOException {
        CagedTool shell = tool("/bin/sh", "-c", "echo $$; ps -o sid= -p $$");

        List<List<String>> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            runs.add(shell.run(null).stdout().lines().map(String::strip).toList());
        }

        assertThat(runs).extracting(List::getFirst).doesNotHaveDuplicates();
        assertThat(runs).extracting(List::getLast).containsOnly(runs.getFirst().getLast());
    }

    @Test
    void afterARunThatWasKilledTheNextOneIsSound() throws IOException {
        CagedTool shell =
                tool(
                        IMPATIENT,
                        Map.of(),
                        "/bin/sh",
                        "-c",
                        "read order; [ $order != wait ] || sleep 60");

        assertThat(shell.run(input("wait")).timedOut()).isTrue();
        assertThat(shell.run(input("go"))).isEqualTo(result(0, "", false, "", false));
    }

    @Test
    void outputUpToTheLimitIsWhole() throws IOException {
        CagedTool.Result result = shell("head -c " + MAX_STDOUT + " /dev/zero | tr '\\0' x");

        assertThat(result.stdout()).isEqualTo("x".repeat(MAX_STDOUT));
        assertThat(result.stdoutCut()).isFalse();
    }

    @Test
    void outputBeyondTheLimitIsCutAndEndsTheTool() throws IOException {
        CagedTool.Result result = shell("printf 0123456789; tr '\\0' x < /dev/zero; echo the end");

        assertThat(result.stdoutCut()).isTrue();
        assertThat(result.timedOut()).isFalse();
        assertThat(result.exitCode()).isEqualTo(137);
        assertThat(result.stdout()).isEqualTo("0123456789" + "x".repeat(MAX_STDOUT - 10));
    }

    @Test
    void manyMessagesAreCutAndDoNotStopTheTool() throws IOException {
        CagedTool.Result result =
                shell(
                        "{ printf 0; head -c 99999 /dev/zero | tr '\\0' x; echo the end; } >&2; echo done");

        assertThat(result.exitCode()).isZero();
        assertThat(result.stdout()).isEqualTo("done\n");
        assertThat(result.stdoutCut()).isFalse();
        assertThat(result.stderr()).isEqualTo("0" + "x".repeat(MAX_STDERR - 1));
    }

    @Test
    void atTheTimeOutTheToolEndsTogetherWithItsChildren() throws IOException {
        CagedTool.Result result = shell(IMPATIENT, "echo $$; sleep 60 & echo $!; wait");

        assertThat(result.timedOut()).isTrue();
        assertThat(result.exitCode()).isEqualTo(137);
        assertThat(result.stdout().lines()).hasSize(2).allSatisfy(CagedToolTests::awaitEnd);
    }

    @Test
    void aChildThatEndsFirstIsNotFollowedByAnother() throws IOException {
        // The first sleep has the lowest id and the shell waits for it: killed before the shell, it
        // would wake the shell while the other ones are killed.
        CagedTool.Result result =
                shell(
                        IMPATIENT,
                        """
                        sleep 20 &
                        first=$!
                        for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do sleep 20 & done
                        wait $first
                        sleep 20
                        echo the end
                        """);

        // Another child would hold the output open for longer than this test may take.
        assertThat(result).isEqualTo(result(137, "", false, "", true));
    }

    @Test
    void aToolThatIsFasterThanItsTimeOutIsNotTimedOut() throws IOException {
        assertThat(shell(IMPATIENT, "exit 0").timedOut()).isFalse();
    }

    @Test
    void theToolMayNeitherWriteFilesNorTakeMoreMemory(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("file");

        CagedTool.Result written = shell("echo text > " + file);

        // SIGXFSZ, or the error that it stands for where it is ignored.
        assertThat(written.exitCode()).isNotZero();
        assertThat(file)
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(path).isEmptyFile());
        assertThat(shell("ulimit -v; ulimit -n; ulimit -c; ulimit -t").stdout())
                .isEqualTo(MAX_MEMORY / 1024 + "\n64\n0\n" + LONG.toSeconds() + "\n");
    }

    @Test
    void itGetsNoNewPrivilegesAndTheLimitsThatAreHardToo() throws IOException {
        String status = shell("grep NoNewPrivs /proc/self/status; cat /proc/self/limits").stdout();

        assertThat(status.replaceAll(" +", " "))
                .contains("NoNewPrivs:\t1")
                .contains("Max address space " + MAX_MEMORY + " " + MAX_MEMORY + " ")
                .contains("Max cpu time " + LONG.toSeconds() + " " + LONG.toSeconds() + " ")
                .contains("Max file size 0 0 ")
                .contains("Max core file size 0 0 ")
                .contains("Max open files 64 64 ")
                .containsPattern("Max processes (\\d{4,6}) \\1 ");
    }

    @Test
    void itHoldsItsInputAndWhatItWritesTo() throws IOException {
        // The shell's own look is the fourth.
        assertThat(shell("ls /proc/self/fd").stdout()).isEqualTo("0\n1\n2\n3\n");
    }

    /** What is left of one run would otherwise write into the next. */
    @Test
    void eachRunHasAPipeOfItsOwn() throws IOException {
        CagedTool tool = tool("/bin/readlink", "/proc/self/fd/1");

        assertThat(tool.run(null).stdout())
                .startsWith("pipe:")
                .isNotEqualTo(tool.run(null).stdout());
    }

    /**
     * Without namespaces nothing ends what has left its session, but nobody waits for it either.
     */
    @Test
    void aRunEndsWithItsToolWhateverThatLeavesBehind() throws IOException {
        CagedTool.Result result = shell("setsid --fork sleep 50.1; echo said >&2; exit 3");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.stderr()).isEqualTo("said");
        ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").endsWith("sleep 50.1"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void messagesWithoutEndNeedNoMemory() throws IOException {
        CagedTool.Result result =
                shell("head -c 300000000 /dev/zero >&2; grep VmPeak /proc/$PPID/status");

        assertThat(result.exitCode()).isZero();
        assertThat(result.stderr()).hasSize(MAX_STDERR);
        assertThat(Long.parseLong(result.stdout().replaceAll("\\D", ""))).isLessThan(50_000);
    }

    private CagedTool.Result shell(String script) throws IOException {
        return shell(CAGE, script);
    }

    private CagedTool.Result shell(Cage cage, String script) throws IOException {
        return tool(cage, Map.of(), "/bin/sh", "-c", script).run(null);
    }

    private CagedTool tool(String... command) {
        return tool(CAGE, Map.of(), command);
    }

    private CagedTool tool(Cage cage, Map<String, String> environment, String... command) {
        CagedTool tool = new CagedTool(cage, List.of(command), environment);
        tools.add(tool);
        return tool;
    }

    private static Path input(String line) throws IOException {
        Path file = Files.createTempFile("input", null);
        file.toFile().deleteOnExit();
        return Files.writeString(file, line + "\n");
    }

    /** A process that is gone, or that is dead and only waits for init to note it. */
    private static void awaitEnd(String pid) {
        Path stat = Path.of("/proc", pid, "stat");
        await("process " + pid + " ends")
                .atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    try {
                        return Files.readString(stat).contains(") Z ");
                    } catch (IOException _) {
                        return true;
                    }
                });
    }

    @Test
    void nothingOutlivesAServiceThatIsKilled() throws IOException {
        Process service =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Service.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try {
            ProcessHandle tool =
                    await().until(() -> sleeping(service), Optional::isPresent).orElseThrow();

            service.destroyForcibly();

            await().atMost(Duration.ofSeconds(5)).until(() -> !tool.isAlive());
        } finally {
            service.destroyForcibly();
        }
    }

    private static Optional<ProcessHandle> sleeping(Process service) {
        return service.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/sleep"))
                .findAny();
    }

    /** A service in the middle of a long probe. */
    static final class Service {

        private Service() {}

        public static void main(String[] args) throws Exception {
            CagedTool sleep = new CagedTool(CAGE, List.of("/bin/sleep", "50"), Map.of());
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            sleep.run(null);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .join();
        }
    }

    private static CagedTool.Result result(
            int exitCode, String stdout, boolean cut, String stderr, boolean timedOut) {
        return new CagedTool.Result(
                exitCode,
                ByteBuffer.wrap(stdout.getBytes(StandardCharsets.UTF_8)),
                cut,
                stderr,
                timedOut);
    }
}
