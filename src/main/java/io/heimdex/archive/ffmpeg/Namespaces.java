package io.heimdex.archive.ffmpeg;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The namespaces that the runs of one {@link Keeper} enter, one after the other. Nothing in them
 * can be written, and a shell that is their first process kills what a run left behind before the
 * next one begins. It has capabilities that no run has, so that no run can trace it.
 */
final class Namespaces implements AutoCloseable {

    /** Reading fails at the end, and whenever something that was handed to the shell dies. */
    private static final String HOLD =
            """
            echo ready
            failed=0
            while [ $failed -lt 9999 ]; do
                failed=$((failed + 1))
                if read -r _; then
                    kill -KILL -1 2>&-
                    echo done
                    failed=0
                fi
            done
            """;

    private static final Path NSENTER = Path.of("/usr/bin/nsenter");
    private static final Path PROC = Path.of("/proc");
    private static final String NETWORK = "--net";
    private static final String PID = "\"child-pid\":";
    private static final Duration LONGEST = Duration.ofSeconds(10);

    /** What the kernel calls them, and the options of nsenter. */
    private static final Map<String, String> KINDS = kinds();

    private final Process process;
    private final BufferedReader answers;
    private final OutputStream orders;
    private final List<String> entry;

    /**
     * Makes them.
     *
     * @param bubblewrap the command that does it, up to that of the first process
     * @throws IOException if they cannot be made, with what bubblewrap says of it
     */
    Namespaces(Cage cage, List<String> bubblewrap) throws IOException {
        List<String> command = new ArrayList<>(cage.commandPrefix());
        // Not by itself: bubblewrap ends with the thread that started it.
        command.addAll(List.of("/bin/sh", "-c", "\"$@\" 3>&1; exit", "namespaces"));
        command.addAll(bubblewrap);
        command.addAll(List.of("/bin/sh", "-c", HOLD));
        ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().clear();
        this.process = builder.start();
        this.orders = process.getOutputStream();
        this.answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        try {
            this.entry = entry(soon(this::firstProcess));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static Map<String, String> kinds() {
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("user", "--user");
        kinds.put("mnt", "--mount");
        kinds.put("pid", "--pid");
        kinds.put("ipc", "--ipc");
        kinds.put("uts", "--uts");
        kinds.put("net", NETWORK);
        kinds.put("cgroup", "--cgroup");
        return kinds;
    }

    /** Its number, once it is there. */
    private String firstProcess() throws IOException {
        String pid = null;
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.strip().startsWith(PID)) {
                pid = line.replaceAll("\\D", "");
            } else if (line.equals("ready") && pid != null) {
                return pid;
            }
        }
        throw new IOException(
                new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
                        .strip());
    }

    /** How to get into all of them but the network's, which goes between the first two words. */
    private static List<String> entry(String pid) throws IOException {
        List<String> entry = new ArrayList<>();
        entry.add(NSENTER.toString());
        for (Map.Entry<String, String> kind : KINDS.entrySet()) {
            if (isOwn(pid, kind.getKey())) {
                if (!kind.getValue().equals(NETWORK)) {
                    entry.add(kind.getValue());
                }
            } else if (!kind.getKey().equals("cgroup")) {
                throw new IOException("bubblewrap made no namespace of the kind " + kind.getKey());
            }
        }
        Path inside = PROC.resolve(pid).resolve("root" + Sandbox.INSIDE);
        entry.addAll(
                List.of(
                        "--root=" + inside,
                        "--wd=" + inside,
                        "--target",
                        pid,
                        "--preserve-credentials",
                        "--"));
        return List.copyOf(entry);
    }

    private static boolean isOwn(String pid, String kind) throws IOException {
        return !Objects.equals(namespace(pid, kind), namespace("self", kind));
    }

    private static String namespace(String pid, String kind) throws IOException {
        return Files.readSymbolicLink(PROC.resolve(pid).resolve("ns").resolve(kind)).toString();
    }

    /** The words before the command of a tool. {@code --net} may go after the first one. */
    List<String> entry() {
        return entry;
    }

    /** Kills all that is left in them; false if they cannot be used any more. */
    boolean clear() {
        try {
            return process.isAlive() && soon(this::cleared);
        } catch (IOException _) {
            return false;
        }
    }

    private boolean cleared() throws IOException {
        orders.write('\n');
        orders.flush();
        return "done".equals(answers.readLine());
    }

    private <T> T soon(Callable<T> work) throws IOException {
        var result = Keeper.READERS.submit(work);
        try {
            return result.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(Objects.requireNonNull(e.getCause()).getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("the sandbox does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the service is shutting down", e);
        } finally {
            result.cancel(true);
        }
    }

    /** The first process ends with its input, and everything in the namespaces with it. */
    @Override
    public void close() {
        List<ProcessHandle> tree = Keeper.tree(process);
        try {
            orders.close();
        } catch (IOException _) {
            // It is gone.
        }
        tree.forEach(ProcessHandle::destroyForcibly);
    }
}
