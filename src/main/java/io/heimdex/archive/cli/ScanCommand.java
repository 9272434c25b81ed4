package io.heimdex.archive.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "scan",
        mixinStandardHelpOptions = true,
        description = "Brings the catalogue up to an organisation's archive.")
@SuppressWarnings("NullAway.Init")
final class ScanCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private ServerOptions server;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ROOT",
            description = "Only what is below this folder of the archive; a path or a URI.")
    private @Nullable String root;

    @Option(names = "--no-wait", description = "Prints the job's id and leaves it to itself.")
    private boolean noWait;

    @Override
    public Integer call() {
        Map<String, Object> request = new HashMap<>();
        request.put("type", "scan");
        if (server.org() != null) {
            request.put("org_id", server.org());
        }
        if (root != null) {
            request.put("select", Map.of("source_prefix", uri(root)));
        }
        return RunRequests.run(
                server, request, !noWait, spec.commandLine().getOut(), spec.commandLine().getErr());
    }

    private static String uri(String root) {
        if (root.contains("://")) {
            return root;
        }
        String uri = Path.of(root).toAbsolutePath().normalize().toUri().toString();
        return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    }
}
