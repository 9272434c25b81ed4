package io.heimdex.archive.ffmpeg;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A shell inside the cage that starts the tool each time it is told to, one run after the other. It
 * kills itself and all that it started as soon as its standard input closes: because we want it to,
 * or because our process has been killed. One run costs the system little more than the tool's own
 * start.
 */
final class Keeper {

    /**
     * An order is a line with the mark that ends what the tool writes and its input. The messages
     * come after the mark, so that one reader suffices. The shell goes on listening while the tool
     * runs.
     */
    private static final String SCRIPT =
            """
            unset PWD OLDPWD SHLVL
            set -f
            while read -r mark reach ORDER; do
                wait
                {
                    code=126 messages= alone=--unshare-net
                    if [ "$reach" = network ]; then alone=; fi
                    RUN
                    printf '\\n%s %s\\n%.65536s\\n%s\\n' "$mark" "$code" "$messages" "$mark"
                } 3>&1 &
            done
            kill -KILL 0
            """;

    private static final String ON_STANDARD_INPUT =
            """
            if [ -r "$input" ]; then messages=$(TOOL 2>&1 >&3 <"$input"); code=$?; fi\
            """;

    private static final String AS_LAST_ARGUMENT =
            """
            messages=$(TOOL "$input" 2>&1 >&3 </dev/null); code=$?\
            """;

    /** Arguments have no spaces in them, so that spaces part them. */
    private static final String ON_SEVERAL_DESCRIPTORS =
            """
            if [ -r "$input" ]; then messages=$(TOOL $arguments 2>&1 >&3 <"$input" 4<"$input" 5<"$input" 6<"$input"\
             7<"$input" 8<"$input" 9<"$input"); code=$?; fi\
            """;

    private static final int MAX_MESSAGE_BYTES = 64 * 1024;
    private static final int SIGKILLED = 128 + 9;
    private static final long KILL_SECONDS = 1;

    private final Process process;
    private final OutputStream orders;
    private final String name = UUID.randomUUID().toString();
    private int runs;

    Keeper(Cage cage, CagedTool.Input input, List<String> tool, Map<String, String> environment)
            throws IOException {
        List<String> sandbox = cage.sandbox().commandPrefix(Path.of(tool.getFirst()));
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
    }

    private static String script(CagedTool.Input input, boolean sandboxed) {
        return SCRIPT.replace(
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
        // Unknown to the tool, so that no output of it can end its run.
        String mark = name + "-" + runs;
        order(mark, (network ? "network " : "alone ") + input);
        byte[] end = ("\n" + mark + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] read = new byte[8192];
        int size = 0;
        InputStream answers = process.getInputStream();
        for (int n = answers.read(read); n >= 0; n = answers.read(read, size, read.length - size)) {
            size += n;
            if (size >= end.length
                    && Arrays.equals(read, size - end.length, size, end, 0, end.length)) {
                return ended(read, size, mark, maxOutput);
            }
            if (size > maxOutput + MAX_MESSAGE_BYTES + 3 * end.length) {
                break;
            }
            if (size == read.length) {
                read = Arrays.copyOf(read, 2 * size);
            }
        }
        kill();
        return new Run(
                SIGKILLED,
                ByteBuffer.wrap(read, 0, Math.min(size, maxOutput)),
                size > maxOutput,
                "");
    }

    private void order(String mark, String input) throws IOException {
        if (input.indexOf('\n') >= 0) {
            throw new IOException("a line feed in the name of a tool's input");
        }
        orders.write((mark + " " + input + "\n").getBytes(StandardCharsets.UTF_8));
        orders.flush();
    }

    private static Run ended(byte[] read, int size, String mark, int maxOutput) {
        // A byte is a character here, so that places in the one are places in the other.
        String bytes = new String(read, 0, size, StandardCharsets.ISO_8859_1);
        int outputEnd = bytes.indexOf("\n" + mark + " ");
        int code = outputEnd + mark.length() + 2;
        int messages = bytes.indexOf('\n', code) + 1;
        int messagesEnd = size - mark.length() - 2;
        return new Run(
                Integer.parseInt(bytes.substring(code, messages - 1)),
                ByteBuffer.wrap(read, 0, Math.min(outputEnd, maxOutput)),
                outputEnd > maxOutput,
                new String(read, messages, messagesEnd - messages, StandardCharsets.UTF_8));
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
