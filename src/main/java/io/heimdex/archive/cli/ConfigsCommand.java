package io.heimdex.archive.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
        name = "configs",
        mixinStandardHelpOptions = true,
        description = "Lists the batch configs that the organisation may run.")
@SuppressWarnings("NullAway.Init")
final class ConfigsCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private ServerOptions options;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Server server = options.open()) {
            JsonNode configs = server.get("/v1/batch-configs");
            if (options.json()) {
                out.println(configs);
            } else {
                configs.path("items")
                        .forEach(config ->
                                out.printf(
                                        "%-20s %s%n",
                                        config.path("name").asString(),
                                        config.path("type").asString()));
            }
        }
        return 0;
    }
}
