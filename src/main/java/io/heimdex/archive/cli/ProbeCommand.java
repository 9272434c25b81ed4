package io.heimdex.archive.cli;

import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.sidecar.SidecarAssembler;
import io.heimdex.archive.sidecar.SidecarDocument;
import io.heimdex.archive.sidecar.SidecarSource;
import io.heimdex.archive.storage.AssetIdentity;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.local.LocalFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description = "Prints the sidecars of files. Needs no server and no database.")
@SuppressWarnings("NullAway.Init")
final class ProbeCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Media files.")
    private List<Path> files;

    @Option(
            names = "--json",
            description =
                    "One line of JSON for each file, in their order; of a failed one its code and"
                            + " message.")
    private boolean json;

    /** What is printed about a file. */
    private sealed interface Answer {

        record Sidecar(SidecarDocument document) implements Answer {}

        record Failure(Path file, String code, String message) implements Answer {}
    }

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext tools = tools();
                ExecutorService threads =
                        Executors.newFixedThreadPool(
                                tools.getBean(ProbeSettings.class).permits())) {
            List<Future<Answer>> answers =
                    files.stream().map(file -> threads.submit(() -> probe(tools, file))).toList();
            int failures = 0;
            for (Future<Answer> answer : answers) {
                failures += print(tools.getBean(JsonMapper.class), await(answer)) ? 0 : 1;
            }
            return failures == 0 ? 0 : HeimdexCli.SOME_FAILED;
        }
    }

    /** The bundled ffprobe is unpacked where caches are kept, unless there is a data folder. */
    private static ConfigurableApplicationContext tools() {
        try {
            return new SpringApplicationBuilder(ProbeTools.class)
                    .web(WebApplicationType.NONE)
                    .registerShutdownHook(false)
                    .run(
                            "--heimdex.data-dir="
                                    + Objects.requireNonNullElseGet(
                                            System.getenv("HEIMDEX_DATA_DIR"),
                                            ProbeCommand::cacheFolder),
                            "--logging.threshold.console=OFF");
        } catch (RuntimeException e) {
            throw new CliException(
                    "the prober cannot start: "
                            + NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        }
    }

    private static String cacheFolder() {
        String caches = System.getenv("XDG_CACHE_HOME");
        return (caches == null || caches.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(caches))
                .resolve("heimdex")
                .toString();
    }

    private static Answer probe(ConfigurableApplicationContext tools, Path file) {
        try (OpenedMedia media = LocalFiles.open(file)) {
            String name = media.uri().name();
            return switch (tools.getBean(MediaProber.class).probe(media, null)) {
                case Rejected(var code, String message) ->
                        new Answer.Failure(file, code.code(), message);
                case Probed probed ->
                        new Answer.Sidecar(
                                tools.getBean(SidecarAssembler.class)
                                        .assemble(
                                                SidecarSource.of(
                                                        AssetIdentity.of(
                                                                media,
                                                                name,
                                                                AssetIdentity.DEFAULT_STRONG_LIMIT,
                                                                null),
                                                        name,
                                                        media),
                                                probed));
            };
        } catch (HeimdexException e) {
            return new Answer.Failure(file, e.code().code(), e.detail());
        }
    }

    private static Answer await(Future<Answer> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private boolean print(JsonMapper mapper, Answer answer) {
        PrintWriter out = spec.commandLine().getOut();
        switch (answer) {
            case Answer.Sidecar(SidecarDocument document) ->
                    out.println(
                            json
                                    ? mapper.writeValueAsString(document)
                                    : mapper.writerWithDefaultPrettyPrinter()
                                            .writeValueAsString(document));
            case Answer.Failure(Path file, String code, String message) -> {
                if (json) {
                    out.println(
                            mapper.writeValueAsString(
                                    Map.of(
                                            "file",
                                            file.toString(),
                                            "error",
                                            Map.of("code", code, "message", message))));
                } else {
                    spec.commandLine().getErr().println(file + ": " + code + ": " + message);
                }
            }
        }
        out.flush();
        return answer instanceof Answer.Sidecar;
    }
}
