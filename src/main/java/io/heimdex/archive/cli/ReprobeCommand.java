package io.heimdex.archive.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "reprobe",
        mixinStandardHelpOptions = true,
        description = "Probes assets of the catalogue again.")
@SuppressWarnings("NullAway.Init")
final class ReprobeCommand implements Callable<Integer> {

    private enum Which {
        MISSING,
        FAILED,
        CHANGED,
        STALE,
        ALL
    }

    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Option(
            names = "--config",
            paramLabel = "NAME",
            description = "A batch config, which says all the rest; heimdex configs lists them.")
    private @Nullable String config;

    @Option(
            names = "--which",
            paramLabel = "WHICH",
            description = "${COMPLETION-CANDIDATES}, in small letters or large.")
    private @Nullable Which which;

    @Option(
            names = "--failure-code",
            paramLabel = "CODE",
            description = "With --which failed: only these; may be repeated.")
    private List<String> failureCodes = List.of();

    @Option(
            names = "--source-prefix",
            paramLabel = "URI",
            description = "Only assets whose source URI begins so.")
    private @Nullable String sourcePrefix;

    @Option(names = "--asset", paramLabel = "ID", description = "Only this asset; may be repeated.")
    private List<String> assets = List.of();

    @Option(
            names = "--rate-limit",
            paramLabel = "N",
            description = "Assets a second, of the whole run.")
    private @Nullable Double rateLimit;

    @Option(
            names = "--max-failures",
            paramLabel = "N",
            description = "Gives the run up after so many failed assets.")
    private @Nullable Integer maxFailures;

    @Option(names = "--dry-run", description = "Only tells how many assets it would take.")
    private boolean dryRun;

    @Option(names = "--no-wait", description = "Prints the job's id and leaves it to itself.")
    private boolean noWait;

    @Override
    public Integer call() {
        Map<String, Object> select = new HashMap<>();
        put(select, "which", which == null ? null : which.name().toLowerCase(Locale.ROOT));
        put(select, "failure_codes", failureCodes.isEmpty() ? null : failureCodes);
        put(select, "source_prefix", sourcePrefix);
        put(select, "asset_ids", assets.isEmpty() ? null : assets);
        Map<String, Object> options = new HashMap<>();
        put(options, "rate_limit", rateLimit);
        put(options, "max_failures", maxFailures);
        if (config == null ? select.isEmpty() : !select.isEmpty() || !options.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Name either a --config, or what to take by --which or --asset.");
        }
        Map<String, Object> request = new HashMap<>();
        put(request, "config", config);
        put(request, "type", config == null ? "reprobe" : null);
        put(request, "select", select.isEmpty() ? null : select);
        put(request, "options", options.isEmpty() ? null : options);
        put(request, "dry_run", dryRun ? true : null);
        put(request, "org_id", server.org());
        return RunRequests.run(
                server, request, !noWait, spec.commandLine().getOut(), spec.commandLine().getErr());
    }

    private static void put(Map<String, Object> map, String key, @Nullable Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }
}
