package io.heimdex.archive.chaos;

import io.heimdex.archive.TestProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The worker processes. One that has ended is replaced. */
final class Fleet implements AutoCloseable {

    private static final List<String> JVM =
            List.of(
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "-Duser.timezone=UTC",
                    "--enable-native-access=ALL-UNNAMED");

    private final Path folder;
    private final Plan plan;
    private final List<String> settings;
    private final ChaosDatabase database;
    private final List<Worker> workers = new ArrayList<>();
    private int started;

    Fleet(Path folder, Plan plan, List<String> settings, ChaosDatabase database) {
        this.folder = folder;
        this.plan = plan;
        this.settings = settings;
        this.database = database;
    }

    /** Starts as many as there are too few. */
    void fill() {
        workers.removeIf(worker -> !worker.alive());
        while (workers.size() < plan.workers()) {
            workers.add(start("chaos-" + ++started));
        }
    }

    private Worker start(String name) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of("-cp", TestProcess.classPath()));
        command.addAll(
                List.of(
                        ChaosWorker.class.getName(),
                        name,
                        folder.toString(),
                        Boolean.toString(!plan.noFence()),
                        plan.probe().toString()));
        command.addAll(settings);
        command.add("--heimdex.database.url=" + database.url(name));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.to(folder.resolve(name + ".log").toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("HEIMDEX_"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        try {
            return new Worker(name, folder, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Worker> working() {
        return workers.stream().filter(Worker::working).toList();
    }

    /** How many workers were started so far. */
    int started() {
        return started;
    }

    /** Every worker that there ever was. */
    Stream<String> names() {
        return Stream.iterate(1, n -> n + 1).limit(started).map(n -> "chaos-" + n);
    }

    /** Every probe of every worker. */
    List<String> probed() throws IOException {
        List<String> probes = new ArrayList<>();
        for (String worker : names().toList()) {
            Path notes = Worker.notes(folder, worker);
            if (Files.exists(notes)) {
                probes.addAll(Files.readAllLines(notes));
            }
        }
        return probes;
    }

    boolean all(Predicate<Worker> what) {
        return workers.stream().allMatch(what);
    }

    /** Ends every worker at once. */
    @Override
    public void close() {
        workers.forEach(Worker::kill);
    }
}
