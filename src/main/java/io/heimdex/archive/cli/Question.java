package io.heimdex.archive.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** A command that asks the server once. */
@SuppressWarnings("NullAway.Init")
abstract class Question implements Callable<Integer> {

    @Spec CommandSpec spec;
    @Mixin ServerOptions options;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Server server = options.open()) {
            return answer(server, out);
        }
    }

    abstract int answer(Server server, PrintWriter out);

    void print(PrintWriter out, JsonNode answer, String text) {
        out.println(options.json() ? answer : text);
    }

    /** A line for each item, or the page as it came. */
    void printItems(PrintWriter out, JsonNode page, Function<JsonNode, String> line) {
        if (options.json()) {
            out.println(page);
        } else {
            page.path("items").forEach(item -> out.println(line.apply(item)));
        }
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
