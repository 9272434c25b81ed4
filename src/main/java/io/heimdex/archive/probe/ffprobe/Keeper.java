package io.heimdex.archive.probe.ffprobe;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
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
     * A line names the mark that ends the run's streams and the file on its standard input. The
     * shell goes on listening while the tool runs.
     */
    private static final String SCRIPT =
            """
            unset PWD OLDPWD SHLVL
            while read -r mark input; do
                wait
                {
                    if [ -r "$input" ]; then "$@" <"$input"; else (exit 126); fi
                    printf '\\n%s %s\\n' "$mark" "$?"
                    printf '\\n%s\\n' "$mark" >&2
                } &
            done
            kill -KILL 0
            """;

    private static final long KILL_SECONDS = 1;

    private final Process process;
    private final OutputStream orders;
    private final String name = UUID.randomUUID().toString();
    private int runs;

    Keeper(List<String> cage, List<String> tool, Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>(cage);
        command.addAll(List.of("/bin/sh", "-c", SCRIPT, "keeper"));
        command.addAll(tool);
        ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        this.process = builder.start();
        this.orders = process.getOutputStream();
    }

    /** A run that has been ordered. Its streams are to be read at the same time. */
    final class Run {

        private final String mark;

        private Run(String mark) {
            this.mark = mark;
        }

        Capture output(long limit, Runnable onLimit) throws IOException {
            return Capture.until(mark, process.getInputStream(), limit, onLimit);
        }

        Capture errors(long limit, Runnable onLimit) throws IOException {
            return Capture.until(mark, process.getErrorStream(), limit, onLimit);
        }
    }

    /**
     * Has the tool started on the file. If that cannot be read, the run ends with exit code 126.
     */
    Run start(Path input) throws IOException {
        String file = input.toString();
        if (file.indexOf('\n') >= 0) {
            throw new IOException("a line feed in the name of a tool's input");
        }
        runs++;
        // Unknown to the tool, so that no output of it can end its run.
        String mark = name + "-" + runs;
        orders.write((mark + " " + file + "\n").getBytes(StandardCharsets.UTF_8));
        orders.flush();
        return new Run(mark);
    }

    int runs() {
        return runs;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Ends it and what it started, whatever has become of the shell. By handles, because {@link
     * Process#destroyForcibly} also closes the streams that are still read.
     */
    void kill() {
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
