package io.heimdex.archive.thumbnail.ffmpeg;

import io.heimdex.archive.ffmpeg.Cage;
import io.heimdex.archive.ffmpeg.CagedTool;
import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.RangeServer;
import io.heimdex.archive.ffmpeg.RemoteInputs;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.WarningCode;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.thumbnail.Picture;
import io.heimdex.archive.thumbnail.ThumbnailOutcome;
import io.heimdex.archive.thumbnail.ThumbnailOutcome.Refused;
import io.heimdex.archive.thumbnail.ThumbnailOutcome.Taken;
import io.heimdex.archive.thumbnail.ThumbnailPlan;
import io.heimdex.archive.thumbnail.ThumbnailPlan.Light;
import io.heimdex.archive.thumbnail.ThumbnailSettings;
import io.heimdex.archive.thumbnail.Thumbnailer;
import io.heimdex.archive.thumbnail.ffmpeg.FfmpegRun.Seek;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Takes pictures with ffmpeg: as many of an asset as fit in one run. Those of a long file are first
 * looked for where decoding can begin; what lies too far from its place is taken exactly.
 */
@Component
class FfmpegThumbnailer implements Thumbnailer, AutoCloseable {

    private static final int MAX_OUTPUT_BYTES = 64 << 20;

    /** A shorter file has few frames to decode up to any place. */
    private static final double LONG_SECONDS = 60;

    /** Of the file's length, by which a picture may be away from its place. */
    private static final double TOLERANCE = 0.1;

    private final ThumbnailSettings settings;
    private final FfmpegInstallation installation;
    private final Cage cage;
    private final Semaphore turns;
    private final @Nullable CagedTool ffmpeg;
    private final RemoteInputs remotes;
    private @Nullable Boolean toneMaps;

    FfmpegThumbnailer(
            ThumbnailSettings settings,
            FfmpegInstallation installation,
            RemoteInputs remotes,
            Sandbox sandbox) {
        this.remotes = remotes;
        this.settings = settings;
        this.installation = installation;
        this.cage =
                new Cage(
                        settings.timeout(),
                        MAX_OUTPUT_BYTES,
                        settings.maxMemory().toBytes(),
                        sandbox);
        this.turns = new Semaphore(settings.permits(), true);
        Path executable = installation.ffmpeg();
        this.ffmpeg =
                executable == null
                        ? null
                        : new CagedTool(
                                cage,
                                CagedTool.Input.SEVERAL_DESCRIPTORS,
                                FfmpegRun.command(executable),
                                installation.environment());
    }

    /** Asked when the first picture comes that needs it. */
    private synchronized boolean toneMaps(ThumbnailPlan plan) throws IOException {
        if (plan.light() != Light.PQ && plan.light() != Light.HLG) {
            return false;
        }
        if (toneMaps == null) {
            toneMaps = hasFilters(Objects.requireNonNull(installation.ffmpeg()));
        }
        return toneMaps;
    }

    private boolean hasFilters(Path executable) throws IOException {
        List<String> command = List.of(executable.toString(), "-hide_banner", "-filters");
        try (CagedTool asked = new CagedTool(cage, command, installation.environment())) {
            String told = asked.run(null).stdout();
            return told.contains(" zscale ") && told.contains(" tonemap ");
        }
    }

    @Override
    public @Nullable String version() {
        return installation.ffmpegVersion();
    }

    @Override
    public ThumbnailOutcome take(OpenedMedia media, ThumbnailPlan plan) {
        if (ffmpeg == null) {
            return new Refused("There is no ffmpeg beside the configured ffprobe.");
        }
        try {
            if (!turns.tryAcquire(settings.queueTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw unavailable("The pictures' turn did not come in time.", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("The service is shutting down.", e);
        }
        try {
            ThumbnailOutcome outcome = take(ffmpeg, media, plan);
            if (!media.unchanged()) {
                throw new HeimdexException(
                        ErrorCode.SOURCE_CHANGED,
                        "The file changed while its pictures were taken; commit it again.");
            }
            return outcome;
        } catch (IOException e) {
            throw unavailable("ffmpeg could not be run.", e);
        } finally {
            turns.release();
        }
    }

    private ThumbnailOutcome take(CagedTool tool, OpenedMedia media, ThumbnailPlan plan)
            throws IOException {
        boolean mapped = toneMaps(plan);
        Optional<Path> file = media.descriptor();
        if (file.isPresent()) {
            return take(
                    new FfmpegRun(tool, plan, mapped, file.get(), cage.timeout()), plan, mapped);
        }
        try (RangeServer.Serving serving = remotes.serve(media)) {
            FfmpegRun run =
                    new FfmpegRun(
                            tool, plan, mapped, serving.url(), remotes.options(), cage.timeout());
            ThumbnailOutcome outcome = take(run, plan, mapped);
            HeimdexException failure = serving.failure();
            if (failure != null && media.unchanged()) {
                throw failure;
            }
            if (outcome instanceof Refused && run.outOfTime() && serving.waits()) {
                throw new HeimdexException(
                        ErrorCode.STORAGE_UNAVAILABLE, "The storage is too slow for pictures.");
            }
            return outcome;
        }
    }

    private ThumbnailOutcome take(FfmpegRun run, ThumbnailPlan plan, boolean mapped)
            throws IOException {
        List<Integer> all = IntStream.range(0, plan.seconds().size()).boxed().toList();
        Map<Integer, Picture> pictures = new TreeMap<>();
        Double duration = plan.duration();
        if (duration == null) {
            pictures.putAll(run.take(all, Seek.NOT));
        } else {
            if (duration >= LONG_SECONDS) {
                pictures.putAll(run.take(all, Seek.FAST));
                pictures.entrySet()
                        .removeIf(taken ->
                                Math.abs(
                                                taken.getValue().second()
                                                        - plan.seconds().get(taken.getKey()))
                                        > tolerance(plan.seconds(), duration));
            }
            pictures.putAll(run.take(without(all, pictures), Seek.EXACT));
            if (!pictures.containsKey(0)) {
                // Many a file is shorter than it says.
                pictures.putAll(run.take(List.of(0), Seek.NOT));
            }
        }
        return outcome(run, plan, mapped, pictures, without(all, pictures));
    }

    /** Samples must not be taken from each other's places. */
    private static double tolerance(List<Double> seconds, double duration) {
        double ofAll = TOLERANCE * duration;
        return seconds.size() < 3 ? ofAll : Math.min(ofAll, (seconds.get(2) - seconds.get(1)) / 2);
    }

    private static List<Integer> without(List<Integer> all, Map<Integer, Picture> taken) {
        return all.stream().filter(shot -> !taken.containsKey(shot)).toList();
    }

    private ThumbnailOutcome outcome(
            FfmpegRun run,
            ThumbnailPlan plan,
            boolean mapped,
            Map<Integer, Picture> pictures,
            List<Integer> missing) {
        if (!pictures.containsKey(0)) {
            return new Refused(
                    run.outOfTime()
                            ? "Taking the pictures was ended after %s s."
                                    .formatted(cage.timeout().toSeconds())
                            : "ffmpeg can decode no picture of the video.");
        }
        Warning remark = null;
        if (!missing.isEmpty()) {
            remark =
                    new Warning(
                            WarningCode.THUMBNAIL_GENERATION_FAILED,
                            "%d of %d pictures could not be taken."
                                    .formatted(missing.size(), plan.seconds().size()));
        } else if (plan.light() == Light.UNKNOWN || (plan.light() != Light.STANDARD && !mapped)) {
            remark = new Warning(WarningCode.THUMBNAILS_NOT_TONE_MAPPED);
        }
        return new Taken(List.copyOf(pictures.values()), remark);
    }

    private static HeimdexException unavailable(String detail, @Nullable Exception cause) {
        return new HeimdexException(ErrorCode.PROBER_UNAVAILABLE, detail, cause);
    }

    @Override
    public void close() {
        if (ffmpeg != null) {
            ffmpeg.close();
        }
    }
}
