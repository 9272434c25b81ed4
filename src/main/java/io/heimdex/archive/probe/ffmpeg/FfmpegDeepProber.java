package io.heimdex.archive.probe.ffmpeg;

import io.heimdex.archive.ffmpeg.Cage;
import io.heimdex.archive.ffmpeg.CagedTool;
import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.Inputs;
import io.heimdex.archive.ffmpeg.RangeServer;
import io.heimdex.archive.ffmpeg.RemoteInputs;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.probe.DeepFacts;
import io.heimdex.archive.probe.DeepProber;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.WarningCode;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Measures with one run of ffmpeg that decodes both streams and writes neither. */
@Component
class FfmpegDeepProber implements DeepProber, AutoCloseable {

    private static final int MAX_OUTPUT_BYTES = 1 << 16;

    private final Cage cage;
    private final RemoteInputs remotes;
    private final Semaphore turns;
    private final @Nullable CagedTool ffmpeg;

    FfmpegDeepProber(
            ProbeSettings settings,
            FfmpegInstallation installation,
            RemoteInputs remotes,
            Sandbox sandbox) {
        this.cage =
                new Cage(
                        settings.deepTimeout(),
                        MAX_OUTPUT_BYTES,
                        settings.deepMaxMemory().toBytes(),
                        sandbox);
        this.remotes = remotes;
        // However many files are probed at once: decoding works where a look mostly waits.
        this.turns = new Semaphore(settings.permits(), true);
        Path executable = installation.ffmpeg();
        this.ffmpeg =
                executable == null
                        ? null
                        : new CagedTool(
                                cage,
                                CagedTool.Input.SEVERAL_DESCRIPTORS,
                                command(executable),
                                installation.environment());
    }

    /** What is measured is told at this level. */
    static List<String> command(Path executable) {
        return Inputs.ffmpeg(executable, "info");
    }

    @Override
    public DeepFacts measure(OpenedMedia media, @Nullable Integer video, @Nullable Integer audio) {
        if (video == null && audio == null) {
            return new DeepFacts(null, null, null);
        }
        if (ffmpeg == null) {
            return failed("There is no ffmpeg beside the configured ffprobe.");
        }
        takeTurn();
        try {
            CagedTool.Result result = run(ffmpeg, media, video, audio);
            if (result.notStarted()) {
                throw new IOException("ffmpeg could not be started");
            }
            if (result.timedOut()) {
                return failed(
                        "Decoding the file was ended after %s s."
                                .formatted(cage.timeout().toSeconds()));
            }
            return result.exitCode() == 0
                    ? Measurements.read(result.stderr(), video != null, audio != null)
                    : failed("ffmpeg cannot decode the file to its end.");
        } catch (IOException e) {
            throw new HeimdexException(ErrorCode.PROBER_UNAVAILABLE, "ffmpeg could not be run.", e);
        } finally {
            turns.release();
        }
    }

    /** Waits as long as it takes: each of those before has a time-out. */
    private void takeTurn() {
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HeimdexException(
                    ErrorCode.PROBER_UNAVAILABLE, "The service is shutting down.", e);
        }
    }

    private CagedTool.Result run(
            CagedTool tool, OpenedMedia media, @Nullable Integer video, @Nullable Integer audio)
            throws IOException {
        Optional<Path> file = media.descriptor();
        if (file.isPresent()) {
            return tool.run(file.get(), ofFile(video, audio), cage.timeout());
        }
        try (RangeServer.Serving serving = remotes.serve(media)) {
            List<String> input = new ArrayList<>(remotes.options());
            input.addAll(List.of("-i", serving.url()));
            CagedTool.Result result = tool.runOnUrl(arguments(input, video, audio), cage.timeout());
            HeimdexException failure = serving.failure();
            if (failure != null) {
                throw failure;
            }
            if (result.timedOut() && serving.waits()) {
                throw new HeimdexException(
                        ErrorCode.STORAGE_UNAVAILABLE, "The storage is too slow to decode a file.");
            }
            return result;
        }
    }

    /** What the tool is given besides its command and a file on descriptor 0. */
    static List<String> ofFile(@Nullable Integer video, @Nullable Integer audio) {
        List<String> input = new ArrayList<>(Inputs.OF_FILES);
        input.addAll(List.of("-fd", "0", "-i", "fd:"));
        return arguments(input, video, audio);
    }

    private static List<String> arguments(
            List<String> input, @Nullable Integer video, @Nullable Integer audio) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("-format_whitelist", Inputs.FORMATS, "-threads", "1"));
        arguments.addAll(input);
        if (audio != null) {
            arguments.addAll(
                    List.of(
                            "-filter_complex",
                            "[0:" + audio + "]ebur128=peak=true:framelog=quiet[loudness]",
                            "-map",
                            "[loudness]",
                            "-f",
                            "null",
                            "-"));
        }
        if (video != null) {
            arguments.addAll(
                    List.of(
                            "-map",
                            "0:" + video,
                            "-fps_mode",
                            "passthrough",
                            "-c:v",
                            "wrapped_avframe",
                            "-f",
                            "null",
                            "-"));
        }
        return arguments;
    }

    private static DeepFacts failed(String message) {
        return new DeepFacts(null, null, new Warning(WarningCode.DEEP_PROBE_FAILED, message));
    }

    @Override
    public void close() {
        if (ffmpeg != null) {
            ffmpeg.close();
        }
    }
}
