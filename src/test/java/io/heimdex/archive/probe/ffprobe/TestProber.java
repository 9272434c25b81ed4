package io.heimdex.archive.probe.ffprobe;

import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.RemoteInputs;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.probe.ffprobe.FfprobeCommand.Look;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;

/** A prober without a service around it. */
public final class TestProber implements AutoCloseable {

    private final FfmpegInstallation installation;
    private final RemoteInputs remotes;
    private final FfprobeProber prober;

    private TestProber(ProbeSettings settings, Sandbox sandbox) throws IOException {
        FfprobeConfiguration beans = new FfprobeConfiguration();
        this.installation = beans.ffmpegInstallation(settings, sandbox);
        this.remotes = beans.remoteInputs(settings, installation, sandbox);
        this.prober = new FfprobeProber(settings, installation, remotes, sandbox);
    }

    /** One with the limits of the service, but for the processor time. */
    public static TestProber of(Sandbox.Mode mode, Duration processorTime, int concurrency)
            throws IOException {
        return new TestProber(
                settings(mode, processorTime, concurrency, Duration.ofSeconds(1)),
                Sandbox.of(mode));
    }

    /** The limits of the service, but for those that are given. */
    public static ProbeSettings settings(
            Sandbox.Mode mode, Duration processorTime, int concurrency, Duration deepTimeout) {
        return new ProbeSettings(
                Path.of("target/test-prober"),
                null,
                Duration.ofSeconds(60),
                processorTime,
                concurrency,
                1,
                Duration.ofSeconds(60),
                DataSize.ofMegabytes(8),
                DataSize.ofGigabytes(1),
                mode,
                deepTimeout,
                DataSize.ofGigabytes(2));
    }

    public MediaProber prober() {
        return prober;
    }

    public RemoteInputs remotes() {
        return remotes;
    }

    public FfmpegInstallation installation() {
        return installation;
    }

    /** What it runs for a file on standard input, one after the other. */
    public List<List<String>> commands() {
        return Stream.of(Look.values())
                .map(look -> FfprobeCommand.ofFile(installation.ffprobe(), look).commandLine())
                .toList();
    }

    @Override
    public void close() {
        prober.close();
        remotes.close();
    }
}
