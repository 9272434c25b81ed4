package io.heimdex.archive.ffmpeg;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A shell inside the cage that starts the tool each time it is told to, one run after the other. It
 * kills itself and all that it started as soon as its standard input closes: because we want it to,
 * or because our process has been killed. One run costs the system little more than the tool's own
 * start.
 *
 * <p>What the tool writes comes through pipes of that run alone: a tool that a file has taken over,
 * and that leaves something behind, still cannot write into what a later file is said to be.
 */
final class Keeper {

    /**
     * An order is a line with the pipes of the run and its input. The shell answers when it has
     * opened the pipes, and with the exit code. It goes on listening while the tool runs.
     */
    private static final String SCRIPT =
            """
            unset PWD OLDPWD SHLVL
            set -f
            while read -r reach output messages ORDER; do
                wait
                {
                    {
                        echo OPENED >&3
                        code=126 alone=--unshare-net
                        if [ "$reach" = network ]; then alone=; fi
                        RUN
                        echo $code >&3
                    } 3>&1 >PIPES/$output 2>PIPES/$messages || echo FAILED
                } &
            done
            kill -KILL 0
            """;

    private static final String OPENED = "opened";
    private static final String FAILED = "failed";
    private static final String PIPES = "/proc/" + ProcessHandle.current().pid() + "/fd";

    private static final String ON_STANDARD_INPUT =
            """
            if [ -r "$input" ]; then TOOL <"$input" 3>&-; code=$?; fi\
            """;

    private static final String AS_LAST_ARGUMENT =
            """
            TOOL "$input" </dev/null 3>&-; code=$?\
            """;

    /** Arguments have no spaces in them, so that spaces part them. */
    private static final String ON_SEVERAL_DESCRIPTORS =
            """
            if [ -r "$input" ]; then TOOL $arguments <"$input" 3>&- 4<"$input" 5<"$input" 6<"$input"\
             7<"$input" 8<"$input" 9<"$input"; code=$?; fi\
            """;

    private static final int MAX_MESSAGE_BYTES = 64 * 1024;
    private static final int SIGKILLED = 128 + 9;
    private static final long KILL_SECONDS = 1;

    /**
     * Two for each run that is going on; of their own, because reading a pipe holds fast the
     * carrier of a virtual thread.
     */
    private static final ExecutorService READERS =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("reader-of-a-tool").factory());

    private final Process process;
    private final OutputStream orders;
    private final BufferedReader answers;

    private int runs;

    Keeper(Cage cage, CagedTool.Input input, List<String> tool, Map<String, String> environment)
            throws IOException {
        List<String> sandbox =
                cage.sandbox()
                        .commandPrefix(
                                Path.of(tool.getFirst()), FfmpegInstaller.libraries(environment));
        List<String> command = new ArrayList<>(cage.commandPrefix());
        command.addAll(List.of("/bin/sh", "-c", script(input, !sandbox.isEmpty())));
        command.addAll(sandbox.isEmpty() ? List.of("keeper") : sandbox);
        command.addAll(tool);
        ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        this.process = builder.start();
        this.orders = process.getOutputStream();
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    private static String script(CagedTool.Input input, boolean sandboxed) {
        return SCRIPT.replace("OPENED", OPENED)
                .replace("FAILED", FAILED)
                .replace("PIPES", PIPES)
                .replace(
                        "ORDER",
                        input == CagedTool.Input.SEVERAL_DESCRIPTORS ? "input arguments" : "input")
                .replace(
                        "RUN",
                        switch (input) {
                            case STANDARD -> ON_STANDARD_INPUT;
                            case ARGUMENT -> AS_LAST_ARGUMENT;
                            case SEVERAL_DESCRIPTORS -> ON_SEVERAL_DESCRIPTORS;
                        })
                .replace("TOOL", sandboxed ? "\"$0\" $alone \"$@\"" : "\"$@\"");
    }

    /**
     * How a run ended.
     *
     * @param exitCode 128 + signal for one that was killed, 126 if the input cannot be read
     * @param output what the tool wrote to its standard output, up to the limit
     * @param cut whether it wrote more
     * @param messages what it wrote to its error stream, if it was not killed together with us
     */
    record Run(int exitCode, ByteBuffer output, boolean cut, String messages) {}

    /** Runs the tool on the input. One that writes more than the limit is killed, and so are we. */
    Run run(String input, boolean network, int maxOutput) throws IOException {
        runs++;
        try (Pipe output = Pipe.open();
                Pipe messages = Pipe.open()) {
            order(
                    (network ? "network " : "alone ")
                            + (output.writing() + " " + messages.writing() + " ")
                            + input);
            String answer = answers.readLine();
            if (FAILED.equals(answer)) {
                throw new IOException("the cage has no access to the descriptors of this process");
            }
            output.handOver();
            messages.handOver();
            Future<byte[]> said = READERS.submit(() -> first(messages, MAX_MESSAGE_BYTES));
            byte[] written = ended(READERS.submit(() -> firstOrKill(output, maxOutput)));
            return new Run(
                    exitCode(),
                    ByteBuffer.wrap(written, 0, Math.min(written.length, maxOutput)),
                    written.length > maxOutput,
                    new String(ended(said), StandardCharsets.UTF_8).stripTrailing());
        }
    }

    private void order(String order) throws IOException {
        if (order.indexOf('\n') >= 0) {
            throw new IOException("a line feed in the name of a tool's input");
        }
        orders.write((order + "\n").getBytes(StandardCharsets.UTF_8));
        orders.flush();
    }

    private byte[] firstOrKill(Pipe output, int most) throws IOException {
        byte[] written = output.reading().readNBytes(most + 1);
        if (written.length > most) {
            kill();
        }
        return written;
    }

    /** The rest is read too, so that it does not stop the tool. */
    private static byte[] first(Pipe pipe, int most) throws IOException {
        byte[] first = pipe.reading().readNBytes(most);
        pipe.reading().transferTo(OutputStream.nullOutputStream());
        return first;
    }

    /** Both end with the tool, whose time is limited. */
    private static byte[] ended(Future<byte[]> reading) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return reading.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IOException("what a tool writes cannot be read", e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private int exitCode() throws IOException {
        String code = answers.readLine();
        return code == null ? SIGKILLED : Integer.parseInt(code);
    }

    int runs() {
        return runs;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it and what it started, whatever has become of the shell. */
    void kill() {
        // By handles, because Process.destroyForcibly also closes the stream that is still read.
        List<ProcessHandle> tree =
                Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        try {
            orders.close();
            process.waitFor(KILL_SECONDS, TimeUnit.SECONDS);
        } catch (IOException _) {
            // It is gone, or will be.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            tree.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
