package io.heimdex.archive.probe.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.FfmpegInstaller;
import io.heimdex.archive.ffmpeg.RemoteInputs;
import io.heimdex.archive.ffmpeg.RemoteMedia;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Decoding files of a storage that does not do what it should. */
class FfmpegDeepProberTests {

    private RemoteInputs remotes;
    private FfmpegDeepProber prober;

    @BeforeEach
    void start() throws IOException {
        start(Duration.ofSeconds(30));
    }

    private void start(Duration timeout) throws IOException {
        ProbeSettings settings =
                new ProbeSettings(
                        Path.of("target/test-data"),
                        null,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(8),
                        1,
                        16,
                        Duration.ofSeconds(10),
                        DataSize.ofMegabytes(8),
                        DataSize.ofGigabytes(1),
                        Sandbox.Mode.AUTO,
                        timeout,
                        DataSize.ofGigabytes(2));
        Sandbox sandbox = Sandbox.of(settings.sandbox());
        FfmpegInstallation bundled =
                FfmpegInstaller.install(settings.dataDir(), settings.cage(sandbox));
        remotes = new RemoteInputs(settings.cage(sandbox), bundled);
        prober = new FfmpegDeepProber(settings, bundled, remotes, sandbox);
    }

    @AfterEach
    void stop() {
        prober.close();
        remotes.close();
    }

    @Test
    void noMoreFilesAreDecodedAtOnceThanConfigured() throws Exception {
        byte[] bytes = Files.readAllBytes(Path.of("samples/h264-aac.mp4"));
        RemoteMedia first = new RemoteMedia(bytes);
        RemoteMedia second = new RemoteMedia(bytes);
        CountDownLatch end = first.hang();
        Thread one = Thread.ofPlatform().start(() -> prober.measure(first, 0, 1));
        await("the first is read").until(() -> !first.reads().isEmpty());

        Thread other = Thread.ofPlatform().start(() -> prober.measure(second, 0, 1));

        await("the other has to wait").until(() -> other.getState() == Thread.State.WAITING);
        assertThat(second.reads()).isEmpty();
        end.countDown();
        one.join();
        other.join();
        assertThat(second.reads()).isNotEmpty();
    }

    @Test
    void aStorageThatFailsIsNoFaultOfTheFile() {
        RemoteMedia media = new RemoteMedia(new byte[100]);
        media.fail(new HeimdexException(ErrorCode.STORAGE_UNAVAILABLE, "The bucket is away."));

        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> prober.measure(media, 0, null))
                .isSameAs(media.failure());
    }

    @Test
    void aStorageThatOwesAnAnswerAtTheTimeOutIsAtFaultToo() throws IOException {
        stop();
        start(Duration.ofSeconds(1));
        RemoteMedia media = new RemoteMedia(new byte[100]);
        CountDownLatch end = media.hang();

        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> prober.measure(media, 0, null))
                .extracting(HeimdexException::code)
                .isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
        end.countDown();
    }
}
