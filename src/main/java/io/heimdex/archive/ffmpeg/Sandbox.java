package io.heimdex.archive.ffmpeg;

import io.heimdex.archive.problem.CannotStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Namespaces around the runs of a tool, by bubblewrap: it sees its own programs and libraries, no
 * other file, no process of others and, unless a run needs it, no network; it has no capability and
 * can make no further namespaces. All that a run started ends with it.
 */
public final class Sandbox {

    /** Limits alone. */
    public static final Sandbox NONE = new Sandbox(null);

    private static final Logger log = LoggerFactory.getLogger(Sandbox.class);

    private static final Path BWRAP = Path.of("/usr/bin/bwrap");
    private static final Path LINKER_CACHE = Path.of("/etc/ld.so.cache");
    private static final Path PROGRAMS = Path.of("/usr");

    /** On most systems links into {@code /usr}. */
    private static final List<Path> MAYBE_LINKS =
            List.of(Path.of("/bin"), Path.of("/lib"), Path.of("/lib64"));

    /** A process whose root is not that of its namespace can make no further namespaces. */
    private static final String INSIDE = "/inside";

    private static final String NOBODY = "65534";

    private final @Nullable Path program;

    private Sandbox(@Nullable Path program) {
        this.program = program;
    }

    /** Whether there is to be one. */
    public enum Mode {
        /** If it works here. */
        AUTO,
        /** Or the service does not start. */
        BWRAP,
        /** Limits alone. */
        NONE
    }

    /**
     * The sandbox that this machine allows.
     *
     * @throws CannotStartException if it has to be one and none works
     */
    public static Sandbox of(Mode mode) {
        return of(mode, BWRAP);
    }

    static Sandbox of(Mode mode, Path bwrap) {
        if (mode == Mode.NONE) {
            log.info("ffprobe and ffmpeg run without a sandbox, as configured");
            return NONE;
        }
        Sandbox sandbox = new Sandbox(bwrap);
        String fault = fault(bwrap);
        if (fault == null) {
            log.info("ffprobe and ffmpeg run in a sandbox of bubblewrap");
            return sandbox;
        }
        if (mode == Mode.BWRAP) {
            throw new CannotStartException(
                    "heimdex.probe.sandbox is bwrap, but "
                            + fault
                            + "; install bubblewrap and allow user namespaces, or set it to auto");
        }
        log.warn("ffprobe and ffmpeg run without a sandbox: {}", fault);
        return NONE;
    }

    private static @Nullable String fault(Path bwrap) {
        if (!Files.isExecutable(bwrap)) {
            return bwrap + " is not installed";
        }
        Cage cage = new Cage(Duration.ofSeconds(10), 1 << 10, 1L << 30, new Sandbox(bwrap));
        try (CagedTool asked = new CagedTool(cage, List.of("/usr/bin/true"), Map.of())) {
            CagedTool.Result run = asked.run(null);
            return run.exitCode() == 0
                    ? null
                    : "bubblewrap does not work here: " + run.stderr().strip();
        } catch (IOException e) {
            return "bubblewrap does not work here: " + e.getMessage();
        }
    }

    /**
     * What a command begins with to run as the first process of a sandbox. It sees its programs,
     * and has all capabilities in there.
     *
     * @param libraries the folder of the tool's own libraries, if it has one
     * @param network whether it is to have the network
     */
    List<String> commandPrefix(Path tool, @Nullable Path libraries, boolean network) {
        if (program == null) {
            return List.of();
        }
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(
                List.of(
                        "--unshare-user",
                        "--unshare-ipc",
                        "--unshare-pid",
                        "--unshare-uts",
                        "--unshare-cgroup-try",
                        "--die-with-parent",
                        "--as-pid-1",
                        "--cap-add",
                        "ALL",
                        "--uid",
                        NOBODY,
                        "--gid",
                        NOBODY));
        if (!network) {
            command.add("--unshare-net");
        }
        // Perl opens it instead of a script's file.
        command.addAll(List.of("--dev-bind", "/dev/null", "/dev/null"));
        // For the first process, and where a run has its root.
        for (String root : List.of("", INSIDE)) {
            see(command, root, PROGRAMS);
            MAYBE_LINKS.forEach(folder -> seeOrLink(command, root, folder));
        }
        see(command, INSIDE, LINKER_CACHE);
        for (Path own : Stream.of(tool, libraries).filter(Objects::nonNull).toList()) {
            if (!seesAlready(own)) {
                see(command, INSIDE, own.toAbsolutePath());
            }
        }
        command.addAll(List.of("--remount-ro", "/", "--chdir", "/", "--"));
        return List.copyOf(command);
    }

    /**
     * Where a run in it has its root, which is not that of its first process; empty without one.
     */
    String root() {
        return program == null ? "" : INSIDE;
    }

    private static boolean seesAlready(Path file) {
        return Stream.concat(Stream.of(PROGRAMS), MAYBE_LINKS.stream())
                .anyMatch(file.toAbsolutePath()::startsWith);
    }

    private static void see(List<String> command, String root, Path what) {
        command.addAll(List.of("--ro-bind-try", what.toString(), root + what));
    }

    private static void seeOrLink(List<String> command, String root, Path folder) {
        try {
            String target = Files.readSymbolicLink(folder).toString();
            command.addAll(List.of("--symlink", target, root + folder));
        } catch (IOException | UnsupportedOperationException _) {
            see(command, root, folder);
        }
    }
}
