package io.heimdex.archive.probe.ffprobe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.RemoteMedia;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Remote files: how they are served to ffprobe, and what becomes of faults meanwhile. */
class RemoteProbeTests {

    @Test
    void aRemoteFileIsProbed() throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of("samples/h264-aac.mp4"));

        try (FfprobeProber prober = prober(Duration.ofSeconds(20))) {
            assertThat(prober.probe(new RemoteMedia(bytes))).isInstanceOf(Probed.class);
        }
    }

    @Test
    void aStorageThatFailsIsNoFaultOfTheFile() throws IOException {
        try (FfprobeProber prober = prober(Duration.ofSeconds(20))) {
            RemoteMedia media = new RemoteMedia(new byte[100]);
            media.fail(new HeimdexException(ErrorCode.STORAGE_UNAVAILABLE, "The bucket is away."));

            assertThatExceptionOfType(HeimdexException.class)
                    .isThrownBy(() -> prober.probe(media))
                    .isSameAs(media.failure());
        }
    }

    @Test
    void aStorageThatIsTooSlowIsNoFaultOfTheFile() throws IOException {
        try (FfprobeProber prober = prober(Duration.ofSeconds(1))) {
            RemoteMedia media = new RemoteMedia(new byte[100]);
            CountDownLatch end = media.hang();

            assertThatExceptionOfType(HeimdexException.class)
                    .isThrownBy(() -> prober.probe(media))
                    .extracting(HeimdexException::code)
                    .isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
            end.countDown();
        }
    }

    @Test
    void aFileThatIsReplacedMeanwhileHasChanged() throws IOException {
        try (FfprobeProber prober = prober(Duration.ofSeconds(20))) {
            RemoteMedia media = new RemoteMedia(new byte[100]);
            media.fail(new HeimdexException(ErrorCode.SOURCE_CHANGED, "It was replaced."));
            media.change();

            assertThat(prober.probe(media))
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            rejected ->
                                    assertThat(rejected.code())
                                            .isEqualTo(ErrorCode.SOURCE_CHANGED));
        }
    }

    private static FfprobeProber prober(Duration timeout) throws IOException {
        ProbeSettings settings =
                new ProbeSettings(
                        Path.of("target/test-data"),
                        null,
                        timeout,
                        timeout,
                        1,
                        4,
                        Duration.ofSeconds(10),
                        DataSize.ofMegabytes(1),
                        DataSize.ofGigabytes(1),
                        Sandbox.Mode.AUTO,
                        Duration.ofSeconds(1),
                        DataSize.ofGigabytes(1));
        FfprobeConfiguration beans = new FfprobeConfiguration();
        Sandbox sandbox = beans.sandbox(settings);
        FfmpegInstallation installation = beans.ffmpegInstallation(settings, sandbox);
        return new FfprobeProber(
                settings,
                installation,
                beans.remoteInputs(settings, installation, sandbox),
                sandbox);
    }
}
