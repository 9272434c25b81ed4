package io.heimdex.archive.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands. A call without one starts the service, and does not come here. */
@Command(
        name = "heimdex",
        mixinStandardHelpOptions = true,
        versionProvider = HeimdexCli.Version.class,
        description = "Looks into media files, and runs jobs over whole archives.",
        subcommands = {
            ProbeCommand.class,
            ScanCommand.class,
            ReprobeCommand.class,
            JobsCommand.class,
            ConfigsCommand.class,
            MigrateCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 all good; 1 the run failed, or the server refused or is away;",
            "2 wrong usage; 3 done, but some items failed."
        })
public final class HeimdexCli implements Runnable {

    static final int FAILED = 1;
    static final int SOME_FAILED = 3;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** Whether these arguments are a command; the service's own begin with two dashes. */
    public static boolean isCommand(String... arguments) {
        return arguments.length > 0
                && (!arguments[0].startsWith("--")
                        || arguments[0].equals("--help")
                        || arguments[0].equals("--version"));
    }

    /**
     * Runs a command.
     *
     * @param application the service, for runs without a server
     * @return the exit code
     */
    public static int run(
            Class<?> application, PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new HeimdexCli(), new Factory(application))
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, _) -> {
                    if (!(e instanceof CliException)) {
                        throw e;
                    }
                    command.getErr().println("heimdex: " + e.getMessage());
                    command.getErr().flush();
                    return FAILED;
                })
                .execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }

    /** Tells the in-process node which application it is. */
    private record Factory(Class<?> application) implements CommandLine.IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            return type == ServerOptions.class
                    ? type.cast(new ServerOptions(application))
                    : CommandLine.defaultFactory().create(type);
        }
    }

    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = HeimdexCli.class.getPackage().getImplementationVersion();
            return new String[] {"heimdex-archive " + (version == null ? "unpackaged" : version)};
        }
    }
}
