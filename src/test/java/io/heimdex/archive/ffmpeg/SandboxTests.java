package io.heimdex.archive.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heimdex.archive.hostile.Strace;
import io.heimdex.archive.problem.CannotStartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Real processes: a shell plays the tool. */
@Timeout(15)
class SandboxTests {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(1);

    /** Where bubblewrap works, which the tests' log says otherwise. */
    @Nested
    class OfBubblewrap {

        private final Sandbox sandbox = Sandbox.of(Sandbox.Mode.AUTO);

        @BeforeEach
        void bubblewrapWorksHere() throws Exception {
            Process alone;
            try {
                alone =
                        new ProcessBuilder("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true")
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start();
            } catch (IOException e) {
                alone = null;
            }
            assumeTrue(alone != null && alone.waitFor() == 0, "bubblewrap works here");
            assertThat(sandbox).isNotSameAs(Sandbox.NONE);
        }

        @ParameterizedTest
        @CsvSource({
            "exit 0,        0",
            "exit 7,        7",
            "kill -SEGV $$, 139",
            "sh -c 'kill -XCPU $$', 152"
        })
        void theExitCodeTellsHowTheToolEnded(String script, int exitCode) throws IOException {
            CagedTool.Result result = shell(LONG, script);

            assertThat(result.exitCode()).isEqualTo(exitCode);
            assertThat(result.notStarted()).isFalse();
        }

        @Test
        void aToolThatIsNotThereWasNotStarted() throws IOException {
            try (CagedTool tool = tool(LONG, CagedTool.Input.STANDARD, "/usr/no/such/tool")) {
                assertThat(tool.run(null).notStarted()).isTrue();
            }
        }

        @Test
        void onlyTheGivenFileIsToBeRead(@TempDir Path folder) throws IOException {
            Path given = Files.writeString(folder.resolve("given"), "given\n");
            Path other = Files.writeString(folder.resolve("other"), "other\n");
            String script = "cat; cat %s %s; echo /* /proc/* /etc/*".formatted(given, other);

            try (CagedTool free = tool(LONG, Sandbox.NONE, CagedTool.Input.STANDARD, script)) {
                assertThat(free.run(given).stdout()).startsWith("given\ngiven\nother\n");
            }
            try (CagedTool caged = tool(LONG, sandbox, CagedTool.Input.STANDARD, script)) {
                assertThat(caged.run(given).stdout())
                        .startsWith("given\n/")
                        .endsWith("/usr /proc/* /etc/ld.so.cache\n");
            }
        }

        /** It may lie beside what is nobody's business. */
        @Test
        void ofTheToolsOwnFolderItSeesTheToolAlone(@TempDir Path folder) throws IOException {
            Path tool = folder.resolve("tool");
            Files.copy(Path.of("/bin/sh"), tool);
            Files.writeString(folder.resolve("other"), "other");
            String script = "echo " + folder + "/*";

            try (CagedTool caged =
                    tool(LONG, CagedTool.Input.STANDARD, tool.toString(), "-c", script)) {
                assertThat(caged.run(null).stdout()).isEqualTo(tool + "\n");
            }
        }

        @Test
        void itHasNoCapabilityAndGetsNone() throws IOException {
            String status =
                    shell(
                                    LONG,
                                    "setpriv --dump; for one in -U -m -n -p; do unshare $one true && echo yes; done")
                            .stdout();

            assertThat(status)
                    .containsPattern("no_new_privs: 1")
                    .containsPattern("Inheritable capabilities: \\[none\\]")
                    .containsPattern("Ambient capabilities: \\[none\\]")
                    .containsPattern("(?m)^uid: 65534$")
                    .doesNotContain("yes");
        }

        @Test
        void itsEnvironmentIsItsLibraries() throws IOException {
            try (CagedTool env =
                    new CagedTool(
                            cage(LONG, sandbox),
                            List.of("/usr/bin/env"),
                            Map.of("LD_LIBRARY_PATH", "/usr/lib"))) {
                assertThat(env.run(null).stdout().lines())
                        .containsExactly("LD_LIBRARY_PATH=/usr/lib");
            }
        }

        /** Once it holds nothing of the run any more, it would otherwise stay. */
        @Test
        void whatARunLeavesBehindEndsWithIt() throws IOException {
            String sleep = "62." + ProcessHandle.current().pid();
            String script = "setsid --fork sleep %s <&- >&- 2>&-; exit 3".formatted(sleep);
            try (CagedTool tool = tool(LONG, sandbox, CagedTool.Input.STANDARD, script)) {
                assertThat(tool.run(null).exitCode()).isEqualTo(3);

                awaitNobody(sleep);
            }
        }

        @Test
        void theNextRunFindsNothingOfTheLastOne() throws IOException {
            String others =
                    "for i in $(seq 2 200); do [ $i != $$ ] && kill -0 $i 2>&- && echo $i; done";
            String script = "if read -r _; then setsid --fork sleep 60 <&- >&- 2>&-; fi; " + others;
            try (CagedTool tool = tool(LONG, sandbox, CagedTool.Input.STANDARD, script)) {
                assertThat(tool.run(Path.of("/etc/hostname")).stdout().lines()).hasSize(1);
                // What is dead may have to be buried still.
                await().atMost(Duration.ofSeconds(5))
                        .untilAsserted(() -> assertThat(tool.run(null).stdout()).isEmpty());
            }
        }

        /**
         * They have the same namespaces, and what kills the one's leftovers is there for the other.
         */
        @Test
        void runAfterRunLeavesSomethingBehind() throws IOException {
            String sleep = "64." + ProcessHandle.current().pid();
            String script =
                    "for i in 1 2 3; do setsid --fork sleep %s <&- >&- 2>&-; done".formatted(sleep);
            try (CagedTool tool = tool(LONG, sandbox, CagedTool.Input.STANDARD, script)) {
                for (int i = 0; i < 10; i++) {
                    assertThat(tool.run(null).exitCode()).isZero();
                }
                awaitNobody(sleep);
            }
        }

        @Test
        void namespacesEndWithTheirKeeper(@TempDir Path folder) throws IOException {
            // Its name is in the commands of all processes that belong to it.
            Path own = folder.resolve("tool");
            Files.copy(Path.of("/bin/sh"), own);
            try (CagedTool tool =
                    tool(LONG, CagedTool.Input.STANDARD, own.toString(), "-c", "exit 0")) {
                assertThat(tool.run(null).exitCode()).isZero();
                assertThat(commands(own)).anyMatch(command -> command.contains("bwrap"));

                processes(own)
                        .filter(pid -> command(pid).contains("hand_on("))
                        .forEach(pid ->
                                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));

                await().atMost(Duration.ofSeconds(5))
                        .untilAsserted(() -> assertThat(commands(own)).isEmpty());
            }
        }

        private static List<String> commands(Path named) {
            return processes(named).map(OfBubblewrap::command).toList();
        }

        private static Stream<Long> processes(Path named) {
            return ProcessHandle.allProcesses()
                    .map(ProcessHandle::pid)
                    .filter(pid -> command(pid).contains(named.toString()));
        }

        @Test
        void nothingCanBeWritten() throws IOException {
            assertThat(shell(LONG, "for f in / /usr /lib /etc; do : > $f/x; done").exitCode())
                    .isNotZero();
            assertThat(shell(LONG, "touch /x /usr/x /etc/x 2>&1").stdout().lines())
                    .hasSize(3)
                    .allMatch(line -> line.contains("Read-only file system"));
        }

        /** It kills what is left of a run, and must not be taken over by one. */
        @Test
        void theirFirstProcessCanNeitherBeTracedNorEnded() throws IOException {
            assumeTrue(Strace.isHere(), "strace is here");
            String sibling =
                    "sh -c 'echo $$; exec sleep 1' | { read -r pid; strace -p $pid 2>&1; }";

            CagedTool.Result result =
                    shell(LONG, "strace -p 1 2>&1; kill -KILL 1; kill -STOP 1; echo still");

            assertThat(result.stdout()).contains("Operation not permitted").endsWith("still\n");
            // It is not that it could trace nothing at all.
            assertThat(shell(LONG, sibling).stdout())
                    .contains("attached")
                    .doesNotContain("not permitted");
        }

        @Test
        void eachDescriptorOfTheFileHasItsOwnPlace(@TempDir Path folder) throws IOException {
            Path file = Files.writeString(folder.resolve("file"), "content\n");
            try (CagedTool tool =
                    tool(
                            LONG,
                            CagedTool.Input.SEVERAL_DESCRIPTORS,
                            "/bin/sh",
                            "-c",
                            "echo $1; cat; cat <&4; cat <&9",
                            "name")) {
                assertThat(tool.run(file, List.of("argument"), LONG).stdout())
                        .isEqualTo("argument\ncontent\ncontent\ncontent\n");
            }
        }

        @Test
        void theNetworkIsThereForRunsThatNeedItAlone() throws IOException {
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                String connect = "exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort();
                try (CagedTool tool =
                        tool(
                                LONG,
                                CagedTool.Input.SEVERAL_DESCRIPTORS,
                                "/bin/bash",
                                "-c",
                                connect)) {
                    assertThat(tool.run(Path.of("/dev/null"), List.of("x"), LONG).exitCode())
                            .isEqualTo(1);
                    assertThat(tool.runOnUrl(List.of("x"), LONG).exitCode()).isZero();
                }
            }
        }

        @Test
        void theLimitsHoldInside() throws IOException {
            assertThat(shell(LONG, "ulimit -v; ulimit -n; ulimit -c; ulimit -t").stdout())
                    .isEqualTo("1048576\n64\n0\n60\n");
        }

        @Test
        void atTheTimeOutNothingIsLeft() throws IOException {
            // A number that no other process sleeps for.
            String sleep = "61." + ProcessHandle.current().pid();

            CagedTool.Result result =
                    shell(SHORT, "setsid --fork sleep %1$s; sleep %1$s".formatted(sleep));

            assertThat(result.timedOut()).isTrue();
            awaitNobody(sleep);
        }

        private static void awaitNobody(String seconds) {
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() ->
                            assertThat(ProcessHandle.allProcesses().map(ProcessHandle::pid))
                                    .noneMatch(pid -> sleeps(pid, seconds)));
        }

        private static boolean sleeps(long pid, String seconds) {
            return command(pid).equals("sleep\0" + seconds + "\0");
        }

        private static String command(long pid) {
            try {
                return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
            } catch (IOException _) {
                return "";
            }
        }

        private CagedTool.Result shell(Duration timeout, String script) throws IOException {
            try (CagedTool tool = tool(timeout, sandbox, CagedTool.Input.STANDARD, script)) {
                return tool.run(null);
            }
        }

        private CagedTool tool(Duration timeout, CagedTool.Input input, String... command) {
            return new CagedTool(cage(timeout, sandbox), input, List.of(command), Map.of());
        }

        private static CagedTool tool(
                Duration timeout, Sandbox sandbox, CagedTool.Input input, String script) {
            return new CagedTool(
                    cage(timeout, sandbox), input, List.of("/bin/sh", "-c", script), Map.of());
        }

        private static Cage cage(Duration timeout, Sandbox sandbox) {
            return new Cage(timeout, 1 << 16, 1L << 30, sandbox);
        }
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void theStartTellsWhatWasFound(CapturedOutput log) {
        Sandbox found = Sandbox.of(Sandbox.Mode.AUTO);
        assertThat(log.getAll())
                .contains(
                        found == Sandbox.NONE
                                ? "ffprobe and ffmpeg run without a sandbox: "
                                : "ffprobe and ffmpeg run in a sandbox of bubblewrap");

        Sandbox.of(Sandbox.Mode.AUTO, Path.of("/no/such/bwrap"));
        assertThat(log.getAll())
                .contains(
                        "ffprobe and ffmpeg run without a sandbox: /no/such/bwrap is not installed");

        Sandbox.of(Sandbox.Mode.AUTO, Path.of("/usr/bin/false"));
        assertThat(log.getAll()).contains("run without a sandbox: bubblewrap does not work here");

        assertThat(Sandbox.of(Sandbox.Mode.NONE)).isSameAs(Sandbox.NONE);
        assertThat(log.getAll())
                .contains("ffprobe and ffmpeg run without a sandbox, as configured");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/bwrap", "/usr/bin/false"})
    void oneThatHasToBeThereAndDoesNotWorkStopsTheStart(Path bwrap) {
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> Sandbox.of(Sandbox.Mode.BWRAP, bwrap))
                .withMessageContaining("heimdex.probe.sandbox");
        assertThat(Sandbox.of(Sandbox.Mode.AUTO, bwrap)).isSameAs(Sandbox.NONE);
    }
}
