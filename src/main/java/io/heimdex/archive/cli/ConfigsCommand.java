package io.heimdex.archive.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;

@Command(
        name = "configs",
        mixinStandardHelpOptions = true,
        description = "Lists the batch configs that the organisation may run.")
final class ConfigsCommand extends Question {

    @Override
    int answer(Server server, PrintWriter out) {
        printItems(
                out,
                server.get("/v1/batch-configs"),
                config ->
                        "%-20s %s"
                                .formatted(
                                        config.path("name").asString(),
                                        config.path("type").asString()));
        return 0;
    }
}
