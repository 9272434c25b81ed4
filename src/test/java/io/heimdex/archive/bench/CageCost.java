package io.heimdex.archive.bench;

import io.heimdex.archive.ffmpeg.Cage;
import io.heimdex.archive.ffmpeg.CagedTool;
import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.FfmpegInstaller;
import io.heimdex.archive.ffmpeg.Inputs;
import io.heimdex.archive.ffmpeg.Sandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures what the cage adds to a probe of one small file. */
final class CageCost {

    private static final int WARM_UP = 100;
    private static final int ROUNDS = 400;
    private static final Path SAMPLE = Path.of("samples", "h264-aac.mp4");

    private CageCost() {}

    private interface Probe {
        void run() throws IOException, InterruptedException;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        FfmpegInstallation installation =
                FfmpegInstaller.install(Path.of(args[0]), cage(Sandbox.NONE));
        List<String> command = new ArrayList<>(List.of(installation.ffprobe().toString()));
        command.addAll(List.of("-v", "error", "-hide_banner"));
        command.addAll(Inputs.OF_FILES);
        command.addAll(List.of("-format_whitelist", Inputs.FORMATS, "-fd", "0", "-of", "json"));
        command.addAll(List.of("-show_format", "-show_streams", "-i", "fd:"));
        Sandbox sandbox = Sandbox.of(Sandbox.Mode.AUTO);

        List<Probe> probes = new ArrayList<>();
        probes.add(() -> bare(command, installation));
        List<CagedTool> tools = new ArrayList<>();
        tools.add(new CagedTool(cage(Sandbox.NONE), command, installation.environment()));
        if (sandbox != Sandbox.NONE) {
            tools.add(new CagedTool(cage(sandbox), command, installation.environment()));
        }
        tools.forEach(tool -> probes.add(() -> caged(tool)));
        double[] medians = medians(probes);
        tools.forEach(CagedTool::close);

        String bwrap =
                medians.length > 2
                        ? String.format(Locale.ROOT, " bwrap_ms=%.1f", medians[2] - medians[0])
                        : "";
        System.out.printf(
                Locale.ROOT,
                "cage: bare_ms=%.1f cage_ms=%.1f%s%n",
                medians[0],
                medians[1] - medians[0],
                bwrap);
    }

    private static Cage cage(Sandbox sandbox) {
        return new Cage(Duration.ofSeconds(30), 8 << 20, 1L << 30, sandbox);
    }

    private static double[] medians(List<Probe> probes) throws IOException, InterruptedException {
        List<List<Long>> times = new ArrayList<>();
        probes.forEach(_ -> times.add(new ArrayList<>()));
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            for (int i = 0; i < probes.size(); i++) {
                long start = System.nanoTime();
                probes.get(i).run();
                if (round >= WARM_UP) {
                    times.get(i).add(System.nanoTime() - start);
                }
            }
        }
        return times.stream()
                .mapToDouble(all -> all.stream().sorted().toList().get(ROUNDS / 2) / 1e6)
                .toArray();
    }

    private static void bare(List<String> command, FfmpegInstallation installation)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(SAMPLE.toFile());
        builder.environment().clear();
        builder.environment().putAll(installation.environment());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        process.getInputStream().readAllBytes();
        check(process.waitFor());
    }

    private static void caged(CagedTool tool) throws IOException {
        check(tool.run(SAMPLE.toAbsolutePath()).exitCode());
    }

    private static void check(int exitCode) {
        if (exitCode != 0) {
            throw new IllegalStateException(
                    String.format(Locale.ROOT, "ffprobe ended with %d", exitCode));
        }
    }
}
