package io.heimdex.archive.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An ffmpeg with all encoders, to make media with. */
public final class TestFfmpeg {

    private static final long DEADLINE_SECONDS = 60;

    private final FfmpegInstallation installation;

    private TestFfmpeg(FfmpegInstallation installation) {
        this.installation = installation;
    }

    /** Unpacks it below the folder, unless it is there already. */
    public static TestFfmpeg install(Path folder) throws IOException {
        Cage cage = new Cage(Duration.ofSeconds(DEADLINE_SECONDS), 1 << 16, 1L << 32, Sandbox.NONE);
        return new TestFfmpeg(FfmpegInstaller.install(folder, cage, "linux-x86_64-gpl"));
    }

    /** Runs ffmpeg in the folder, to its good end. */
    public void run(Path folder, List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("-nostdin", "-loglevel", "error", "-y"));
        all.addAll(arguments);
        call("ffmpeg", folder, all);
    }

    /** Runs ffprobe to its good end; what it says. */
    public String ffprobe(String... arguments) throws IOException {
        return call("ffprobe", Path.of(""), List.of(arguments));
    }

    private String call(String tool, Path folder, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(installation.ffprobe().resolveSibling(tool).toString());
        command.add("-hide_banner");
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toAbsolutePath().toFile())
                        .redirectErrorStream(true);
        builder.environment().putAll(installation.environment());
        Process process = builder.start();
        try {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s: %s", arguments, said).isZero();
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
