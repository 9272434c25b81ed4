package io.heimdex.archive.ffmpeg;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process inside the cage that starts the tool each time it is told to, one run after the other.
 * It kills itself and all that it started as soon as its standard input closes: because we want it
 * to, or because our process has been killed. One run costs the system little more than the tool's
 * own start: what is to be opened is opened outside of the sandbox ({@code keeper.pl}), and handed
 * to a process inside that becomes the tool ({@code runner.pl}).
 *
 * <p>What the tool writes comes through pipes of that run alone: a tool that a file has taken over,
 * and that leaves something behind, still cannot write into what a later file is said to be.
 */
final class Keeper {

    private static final Path PERL = Path.of("/usr/bin/perl");
    private static final String KEEPER = script("keeper.pl");
    private static final String RUNNER = script("runner.pl");

    /** By which the service opens, and lets open, what it has open. */
    private static final String DESCRIPTORS = "/proc/" + ProcessHandle.current().pid() + "/fd";

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final int SENDMSG = ARM ? 211 : 46;
    private static final int RECVMSG = ARM ? 212 : 47;
    private static final int DUP3 = ARM ? 24 : 292;
    private static final int CAPSET = ARM ? 91 : 126;

    private static final String READY = "ready";
    private static final Duration LONGEST_START = Duration.ofSeconds(10);

    private static final int MAX_MESSAGE_BYTES = 64 * 1024;
    private static final int SIGKILLED = 128 + 9;

    /** Of three digits, a space, and line feeds on both sides. */
    private static final int MAX_CODE_LENGTH = 6;

    private static final long KILL_SECONDS = 1;

    /** One or two for each run that is going on. */
    static final ExecutorService READERS =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("reader-of-a-tool").factory());

    private final Process process;
    private final OutputStream orders;
    private final String name = UUID.randomUUID().toString();
    private List<Pipe> pipes = List.of();

    private int runs;

    /**
     * Starts it.
     *
     * @param network whether the tool may use it
     * @throws IOException if it cannot be started, with what bubblewrap says of it
     */
    Keeper(
            Cage cage,
            CagedTool.Input input,
            boolean network,
            List<String> tool,
            Map<String, String> environment)
            throws IOException {
        if (!Files.isExecutable(PERL)) {
            throw new IOException(PERL + " is missing: install perl");
        }
        Sandbox sandbox = cage.sandbox();
        List<String> command = new ArrayList<>(cage.commandPrefix());
        command.addAll(List.of(PERL.toString(), "-e", KEEPER, Integer.toString(SENDMSG)));
        command.addAll(List.of(DESCRIPTORS, input.words(), input.place(), input.copies()));
        command.addAll(
                sandbox.commandPrefix(
                        Path.of(tool.getFirst()), FfmpegInstaller.libraries(environment), network));
        command.addAll(List.of(PERL.toString(), "-e", RUNNER));
        Stream.of(RECVMSG, DUP3, CAPSET).map(Object::toString).forEach(command::add);
        command.add(sandbox.root());
        command.addAll(tool);
        ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        this.process = builder.start();
        this.orders = process.getOutputStream();
        var _ = process.onExit().thenRun(this::endPipes);
        try {
            awaitReady();
        } catch (IOException e) {
            kill();
            throw e;
        }
    }

    private static String script(String name) {
        try (InputStream in = Keeper.class.getResourceAsStream(name)) {
            return new String(
                    Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() throws IOException {
        Future<@Nullable String> first = READERS.submit(() -> process.inputReader().readLine());
        try {
            if (!READY.equals(first.get(LONGEST_START.toMillis(), TimeUnit.MILLISECONDS))) {
                throw new IOException(
                        new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
                                .strip());
            }
        } catch (ExecutionException e) {
            throw new IOException("what starts a tool cannot be read", e);
        } catch (TimeoutException e) {
            throw new IOException("what starts a tool does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the service is shutting down", e);
        }
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
    Run run(String input, int maxOutput) throws IOException {
        runs++;
        // Unknown to the tool, so that no output of it can end its run.
        String mark = name + "-" + runs;
        try (Pipe output = Pipe.open();
                Pipe messages = Pipe.open()) {
            use(List.of(output, messages));
            Future<Written> said = READERS.submit(() -> first(messages));
            try {
                order("%s %d %d %s".formatted(mark, output.writing(), messages.writing(), input));
                Written written = written(output, mark, maxOutput);
                messages.end();
                return run(written, mark, maxOutput, result(said));
            } finally {
                messages.end();
                result(said);
                use(List.of());
            }
        }
    }

    /** They end with us, whoever ends us. */
    private synchronized void use(List<Pipe> current) {
        pipes = current;
        if (!process.isAlive()) {
            endPipes();
        }
    }

    private synchronized void endPipes() {
        pipes.forEach(Pipe::end);
    }

    private void order(String order) throws IOException {
        if (order.indexOf('\n') >= 0) {
            throw new IOException("a line feed in the name of a tool's input");
        }
        orders.write((order + "\n").getBytes(StandardCharsets.UTF_8));
        orders.flush();
    }

    /** Bytes, and how many of them count. */
    private static final class Written {

        private final byte[] bytes;
        private final int size;

        private Written(byte[] bytes, int size) {
            this.bytes = bytes;
            this.size = size;
        }
    }

    private Written written(Pipe output, String mark, int most) throws IOException {
        if (!Thread.currentThread().isVirtual()) {
            return upToMark(output, mark, most);
        }
        // To wait for a pipe would hold fast the carrier.
        return result(READERS.submit(() -> upToMark(output, mark, most)));
    }

    /** Reads what the tool writes and the line after it. */
    private Written upToMark(Pipe output, String mark, int most) throws IOException {
        byte[] read = new byte[8192];
        int size = 0;
        for (int n = output.read(read, 0); n >= 0; n = output.read(read, size)) {
            size += n;
            if (marked(read, size, mark) >= 0) {
                break;
            }
            if (size > most + mark.length() + MAX_CODE_LENGTH) {
                kill();
                break;
            }
            if (size == read.length) {
                read = Arrays.copyOf(read, 2 * size);
            }
        }
        return new Written(read, size);
    }

    /** Where the line with the mark and the code begins, if it is the last one. */
    private static int marked(byte[] read, int size, String mark) {
        int at = size - mark.length() - MAX_CODE_LENGTH;
        String end =
                new String(
                        read, Math.max(0, at), size - Math.max(0, at), StandardCharsets.ISO_8859_1);
        int line = end.endsWith("\n") ? end.indexOf("\n" + mark + " ") : -1;
        return line < 0 ? -1 : Math.max(0, at) + line;
    }

    private static Run run(Written written, String mark, int most, Written said) {
        int end = marked(written.bytes, written.size, mark);
        int size = end < 0 ? written.size : end;
        int code =
                end < 0
                        ? SIGKILLED
                        : Integer.parseInt(
                                new String(
                                        written.bytes,
                                        end + mark.length() + 2,
                                        written.size - end - mark.length() - 3,
                                        StandardCharsets.US_ASCII));
        return new Run(
                code,
                ByteBuffer.wrap(written.bytes, 0, Math.min(size, most)),
                size > most,
                new String(said.bytes, 0, said.size, StandardCharsets.UTF_8).stripTrailing());
    }

    /** The rest is read too, so that it does not stop the tool. */
    private static Written first(Pipe messages) throws IOException {
        byte[] read = new byte[MAX_MESSAGE_BYTES];
        int size = 0;
        int n = 0;
        while (n >= 0 && size < read.length) {
            n = messages.read(read, size);
            size += Math.max(n, 0);
        }
        byte[] rest = new byte[n < 0 ? 0 : 8192];
        while (n >= 0) {
            n = messages.read(rest, 0);
        }
        return new Written(read, size);
    }

    /** It is there as soon as its pipe ends, and that does so with the run. */
    private static Written result(Future<Written> reading) throws IOException {
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

    int runs() {
        return runs;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it and what it started, whatever has become of it. */
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
            // Process.destroyForcibly would also close the stream that is still read.
            tree.forEach(ProcessHandle::destroyForcibly);
            endPipes();
        }
    }
}
