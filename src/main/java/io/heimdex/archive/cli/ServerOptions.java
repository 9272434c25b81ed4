package io.heimdex.archive.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the server is, and who is asking. */
final class ServerOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:HEIMDEX_URL:-http://localhost:8080}",
            description = "The server; HEIMDEX_URL, or ${DEFAULT-VALUE}.")
    private String url = "";

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:HEIMDEX_TOKEN}",
            description = "The bearer token; HEIMDEX_TOKEN is not seen in the process list.")
    private @Nullable String token;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            defaultValue = "${env:HEIMDEX_TOKEN_FILE}",
            description = "A file that holds the token; HEIMDEX_TOKEN_FILE.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--org",
            paramLabel = "ORG",
            description =
                    "The organisation. Without a token, a server in its local profile is asked for one.")
    private @Nullable String org;

    @Option(
            names = "--in-process",
            description =
                    "Needs no server: works on the database of HEIMDEX_DATABASE_URL, as a node of its"
                            + " own for as long as the command runs. Goes with --org.")
    private boolean inProcess;

    @Option(names = "--json", description = "One JSON document on standard output.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    private final Class<?> application;

    ServerOptions(Class<?> application) {
        this.application = application;
    }

    boolean json() {
        return json;
    }

    @Nullable String org() {
        return org;
    }

    /** The server, with which the command works until it closes it. */
    Server open() {
        if (inProcess) {
            if (org == null) {
                throw new ParameterException(command.commandLine(), "--in-process needs --org");
            }
            return InProcessNode.start(application, org);
        }
        String bearer = token();
        return bearer == null && org != null
                ? Server.withDevToken(url, org)
                : new Server(url, bearer, () -> {});
    }

    private @Nullable String token() {
        if (token != null && !token.isBlank()) {
            return token;
        }
        if (tokenFile == null || tokenFile.toString().isEmpty()) {
            return null;
        }
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new CliException("the token file " + tokenFile + " cannot be read");
        }
    }
}
