package io.heimdex.archive.thumbnail.ffmpeg;

import io.heimdex.archive.ffmpeg.CagedTool;
import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.probe.ffprobe.TestProber;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.thumbnail.ThumbnailOutcome;
import io.heimdex.archive.thumbnail.ThumbnailPlan;
import io.heimdex.archive.thumbnail.ThumbnailSettings;
import io.heimdex.archive.thumbnail.ffmpeg.FfmpegRun.Seek;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.springframework.util.unit.DataSize;

/** Takes pictures without a service around it. */
public final class TestThumbnailer implements AutoCloseable {

    private final FfmpegThumbnailer thumbnailer;

    /** One with the limits of the service, but for the time. */
    public TestThumbnailer(TestProber tools, Sandbox sandbox, Duration timeout) {
        thumbnailer =
                new FfmpegThumbnailer(
                        new ThumbnailSettings(
                                timeout, 1, Duration.ofMinutes(1), DataSize.ofGigabytes(2)),
                        tools.installation(),
                        tools.remotes(),
                        sandbox);
    }

    public ThumbnailOutcome take(OpenedMedia media, ThumbnailPlan plan) {
        return thumbnailer.take(media, plan);
    }

    public static List<String> command(FfmpegInstallation installation) {
        return FfmpegRun.command(Objects.requireNonNull(installation.ffmpeg()));
    }

    /** What ffmpeg is given besides, for all pictures of a plan. */
    public static List<String> arguments(CagedTool tool, ThumbnailPlan plan) {
        return new FfmpegRun(tool, plan, false, Path.of("/dev/null"), Duration.ofMinutes(1))
                .arguments(IntStream.range(0, plan.seconds().size()).boxed().toList(), Seek.EXACT);
    }

    @Override
    public void close() {
        thumbnailer.close();
    }
}
