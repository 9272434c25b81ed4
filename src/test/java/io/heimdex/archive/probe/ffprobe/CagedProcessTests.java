package io.heimdex.archive.probe.ffprobe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real processes: a shell plays the tool. */
@Timeout(15)
class CagedProcessTests {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final int MAX_STDOUT = 1000;
    private static final int MAX_STDERR = 64 * 1024;
    private static final long MAX_MEMORY = 1L << 30;

    private CagedProcess process = new CagedProcess(LONG, MAX_STDOUT, MAX_MEMORY);

    @AfterEach
    void close() {
        process.close();
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
        CagedProcess.Result result = shell(script);

        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.timedOut()).isFalse();
    }

    @Test
    void outputAndMessagesAreKeptApart() throws IOException {
        assertThat(shell("echo öut; echo err >&2"))
                .isEqualTo(new CagedProcess.Result(0, "öut\n", false, "err\n", false));
    }

    @Test
    void aToolThatIsNotThereIsAFaultOrAnExitCode() {
        CagedProcess.Result result;
        try {
            result = process.run(List.of("/no/such/tool"), Map.of(), null);
        } catch (IOException _) {
            return;
        }
        assertThat(result.exitCode()).isEqualTo(127);
    }

    @Test
    void theEnvironmentIsEmptyButForWhatIsGiven() throws IOException {
        assertThat(System.getenv()).isNotEmpty();

        assertThat(process.run(List.of("/usr/bin/env"), Map.of(), null).stdout()).isEmpty();
        assertThat(process.run(List.of("/usr/bin/env"), Map.of("A", "b c"), null).stdout())
                .isEqualTo("A=b c\n");
    }

    @Test
    void theWorkingFolderIsTheRoot() throws IOException {
        assertThat(process.run(List.of("/bin/pwd"), Map.of(), null).stdout()).isEqualTo("/\n");
    }

    @Test
    void theGivenFileIsTheStandardInput(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "content");

        assertThat(process.run(List.of("/bin/cat"), Map.of(), file).stdout()).isEqualTo("content");
    }

    @Test
    void withoutAFileTheStandardInputIsEmpty() throws IOException {
        assertThat(process.run(List.of("/bin/cat"), Map.of(), null))
                .isEqualTo(new CagedProcess.Result(0, "", false, "", false));
    }

    @Test
    void aFileThatIsNotThereIsAFault(@TempDir Path folder) {
        assertThatIOException()
                .isThrownBy(
                        () -> process.run(List.of("/bin/cat"), Map.of(), folder.resolve("absent")));
    }

    @Test
    void outputUpToTheLimitIsWhole() throws IOException {
        CagedProcess.Result result = shell("head -c " + MAX_STDOUT + " /dev/zero | tr '\\0' x");

        assertThat(result.stdout()).isEqualTo("x".repeat(MAX_STDOUT));
        assertThat(result.stdoutCut()).isFalse();
    }

    @Test
    void outputBeyondTheLimitIsCutAndEndsTheTool() throws IOException {
        CagedProcess.Result result =
                shell("printf 0123456789; tr '\\0' x < /dev/zero; echo the end");

        assertThat(result.stdoutCut()).isTrue();
        assertThat(result.timedOut()).isFalse();
        assertThat(result.exitCode()).isEqualTo(137);
        assertThat(result.stdout()).isEqualTo("0123456789" + "x".repeat(MAX_STDOUT - 10));
    }

    @Test
    void manyMessagesAreCutAndDoNotStopTheTool() throws IOException {
        CagedProcess.Result result =
                shell(
                        "{ printf 0; head -c 99999 /dev/zero | tr '\\0' x; echo the end; } >&2; echo done");

        assertThat(result.exitCode()).isZero();
        assertThat(result.stdout()).isEqualTo("done\n");
        assertThat(result.stdoutCut()).isFalse();
        assertThat(result.stderr()).isEqualTo("0" + "x".repeat(MAX_STDERR - 1));
    }

    @Test
    void atTheTimeOutTheToolEndsTogetherWithItsChildren() throws IOException {
        process.close();
        process = new CagedProcess(SHORT, MAX_STDOUT, MAX_MEMORY);

        CagedProcess.Result result = shell("echo $$; sleep 60 & echo $!; echo why >&2; wait");

        assertThat(result.timedOut()).isTrue();
        assertThat(result.exitCode()).isEqualTo(137);
        assertThat(result.stderr()).isEqualTo("why\n");
        assertThat(result.stdout().lines()).hasSize(2).allSatisfy(CagedProcessTests::awaitEnd);
    }

    @Test
    void aChildThatEndsFirstIsNotFollowedByAnother() throws IOException {
        process.close();
        process = new CagedProcess(SHORT, MAX_STDOUT, MAX_MEMORY);

        // The first sleep has the lowest id and the shell waits for it: killed before the shell, it
        // would wake the shell while the other ones are killed.
        CagedProcess.Result result =
                shell(
                        """
                        sleep 20 &
                        first=$!
                        for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do sleep 20 & done
                        wait $first
                        sleep 20
                        echo the end
                        """);

        // Another child would hold the output open for longer than this test may take.
        assertThat(result).isEqualTo(new CagedProcess.Result(137, "", false, "", true));
    }

    @Test
    void aToolThatIsFasterThanItsTimeOutIsNotTimedOut() throws IOException {
        process.close();
        process = new CagedProcess(SHORT, MAX_STDOUT, MAX_MEMORY);

        assertThat(shell("exit 0").timedOut()).isFalse();
        assertThat(shell("exit 0").timedOut()).isFalse();
    }

    @Test
    @EnabledIf("limitsAreSet")
    void theToolMayNeitherWriteFilesNorTakeMoreMemory(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("file");

        CagedProcess.Result written = shell("echo text > " + file);

        // SIGXFSZ, or the error that it stands for where it is ignored.
        assertThat(written.exitCode()).isNotZero();
        assertThat(file)
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(path).isEmptyFile());
        assertThat(shell("ulimit -v; ulimit -n; ulimit -c; ulimit -t").stdout())
                .isEqualTo(MAX_MEMORY / 1024 + "\n64\n0\n" + LONG.toSeconds() + "\n");
    }

    static boolean limitsAreSet() {
        return Files.isExecutable(Path.of("/usr/bin/prlimit"));
    }

    private CagedProcess.Result shell(String script) throws IOException {
        return process.run(List.of("/bin/sh", "-c", script), Map.of(), null);
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
            CagedProcess process = new CagedProcess(LONG, MAX_STDOUT, MAX_MEMORY);
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            process.run(List.of("/bin/sleep", "50"), Map.of(), null);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .join();
        }
    }
}
