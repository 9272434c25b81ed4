package io.heimdex.archive.probe.ffmpeg;

import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.probe.DeepFacts;
import io.heimdex.archive.probe.ffprobe.TestProber;
import io.heimdex.archive.storage.OpenedMedia;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Decodes without a service around it. */
public final class TestDeepProber implements AutoCloseable {

    private final FfmpegDeepProber prober;

    /** One with the limits of the service, but for the time. */
    public TestDeepProber(TestProber tools, Sandbox sandbox, Duration timeout) {
        prober =
                new FfmpegDeepProber(
                        TestProber.settings(Sandbox.Mode.AUTO, timeout, 1, timeout),
                        tools.installation(),
                        tools.remotes(),
                        sandbox);
    }

    public DeepFacts measure(OpenedMedia media) {
        return prober.measure(media, 0, 1);
    }

    public static List<String> command(FfmpegInstallation installation) {
        return FfmpegDeepProber.command(Objects.requireNonNull(installation.ffmpeg()));
    }

    /** What ffmpeg is given besides. */
    public static List<String> arguments() {
        return FfmpegDeepProber.ofFile(0, 1);
    }

    @Override
    public void close() {
        prober.close();
    }
}
