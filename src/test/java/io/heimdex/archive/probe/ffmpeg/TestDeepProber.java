package io.heimdex.archive.probe.ffmpeg;

import io.heimdex.archive.ffmpeg.Cage;
import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.RemoteInputs;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.probe.DeepFacts;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.storage.OpenedMedia;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.util.unit.DataSize;

/** Decodes without a service around it. */
public final class TestDeepProber implements AutoCloseable {

    private final FfmpegDeepProber prober;
    private final RemoteInputs remotes;

    /** One with the limits of the service, but for the time. */
    public TestDeepProber(
            FfmpegInstallation installation, Sandbox sandbox, Duration timeout, int concurrency) {
        Cage cage = new Cage(timeout, 1 << 16, 1L << 30, sandbox);
        remotes = new RemoteInputs(cage, installation);
        ProbeSettings settings =
                new ProbeSettings(
                        Path.of("target/test-prober"),
                        null,
                        timeout,
                        timeout,
                        concurrency,
                        1,
                        Duration.ofMinutes(1),
                        DataSize.ofMegabytes(8),
                        DataSize.ofGigabytes(1),
                        Sandbox.Mode.AUTO,
                        timeout,
                        DataSize.ofGigabytes(2));
        prober = new FfmpegDeepProber(settings, installation, remotes, sandbox);
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
        remotes.close();
    }
}
