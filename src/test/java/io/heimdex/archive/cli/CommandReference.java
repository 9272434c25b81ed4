package io.heimdex.archive.cli;

import io.heimdex.archive.HeimdexApplication;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;

/** The page that says what the commands say of themselves. */
public final class CommandReference {

    private CommandReference() {}

    /** Markdown, a section for each command. */
    public static String page() {
        IFactory factory =
                new IFactory() {
                    @Override
                    public <K> K create(Class<K> type) throws Exception {
                        return type == ServerOptions.class
                                ? type.cast(new ServerOptions(HeimdexApplication.class))
                                : CommandLine.defaultFactory().create(type);
                    }
                };
        StringBuilder page =
                new StringBuilder(
                        """
                        # Commands

                        What `./heimdex COMMAND --help` prints. [How to use them](../how-to/command-line.md).
                        """);
        add(page, new CommandLine(new HeimdexCli(), factory));
        return page.toString();
    }

    private static void add(StringBuilder page, CommandLine command) {
        command.setUsageHelpWidth(100);
        page.append("\n## ")
                .append(command.getCommandSpec().qualifiedName())
                .append("\n\n```text\n")
                .append(command.getUsageMessage(Ansi.OFF).strip())
                .append("\n```\n");
        command.getSubcommands().values().forEach(sub -> add(page, sub));
    }
}
