package io.heimdex.archive.thumbnail.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.ffmpeg.Cage;
import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.FfmpegInstaller;
import io.heimdex.archive.ffmpeg.RemoteInputs;
import io.heimdex.archive.ffmpeg.RemoteMedia;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.probe.WarningCode;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.thumbnail.ThumbnailOutcome;
import io.heimdex.archive.thumbnail.ThumbnailOutcome.Refused;
import io.heimdex.archive.thumbnail.ThumbnailOutcome.Taken;
import io.heimdex.archive.thumbnail.ThumbnailPlan;
import io.heimdex.archive.thumbnail.ThumbnailPlan.Light;
import io.heimdex.archive.thumbnail.ThumbnailPolicy;
import io.heimdex.archive.thumbnail.ThumbnailSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** Remote files, and an ffmpeg that does not do what it should. */
class FfmpegThumbnailerTests {

    private static final Cage CAGE =
            new Cage(Duration.ofSeconds(20), 1 << 16, 1L << 30, Sandbox.NONE);
    private static final ThumbnailPlan STILL =
            ThumbnailPlan.ofStill(0, 320, 180, Light.STANDARD, ThumbnailPolicy.USUAL);

    @TempDir Path folder;

    @Test
    void picturesOfARemoteFileAreTaken() throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of("samples/h264-aac.mp4"));
        ThumbnailPlan plan =
                ThumbnailPlan.ofVideo(
                        0, 1, 320, 180, Light.STANDARD, new ThumbnailPolicy(null, 9, null));

        ThumbnailOutcome outcome = real(Duration.ofSeconds(20), new RemoteMedia(bytes), plan);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Taken.class, taken -> assertThat(taken.pictures()).hasSize(10));
    }

    @Test
    void aStorageThatFailsIsNoFaultOfTheFile() {
        RemoteMedia media = new RemoteMedia(new byte[100]);
        media.fail(new HeimdexException(ErrorCode.STORAGE_UNAVAILABLE, "The bucket is away."));

        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> real(Duration.ofSeconds(20), media, STILL))
                .isSameAs(media.failure());
    }

    @Test
    void aFileThatChangesMeanwhileIsTold() {
        RemoteMedia media = new RemoteMedia(new byte[100]);
        media.change();

        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> real(Duration.ofSeconds(20), media, STILL))
                .extracting(HeimdexException::code)
                .isEqualTo(ErrorCode.SOURCE_CHANGED);
    }

    @Test
    void aStorageThatOwesAnAnswerAtTheTimeOutIsAtFaultToo() {
        RemoteMedia media = new RemoteMedia(new byte[100]);
        CountDownLatch end = media.hang();

        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> real(Duration.ofSeconds(1), media, STILL))
                .extracting(HeimdexException::code)
                .isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
        end.countDown();
    }

    @Test
    void whatTakesTooLongIsEnded() throws IOException {
        assertThat(standIn("sleep 60", Duration.ofSeconds(1)))
                .isEqualTo(new Refused("Taking the pictures was ended after 1 s."));
    }

    @Test
    void missingSamplesAreToldOf() throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of("samples/h264-aac.mp4"));
        // All pictures would be behind the end.
        ThumbnailPlan plan =
                ThumbnailPlan.ofVideo(
                        0, 50, 320, 180, Light.STANDARD, new ThumbnailPolicy(5.0, 3, null));

        ThumbnailOutcome outcome = real(Duration.ofSeconds(20), new RemoteMedia(bytes), plan);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Taken.class,
                        taken -> {
                            assertThat(taken.pictures().getFirst().second()).isZero();
                            assertThat(taken.remark()).isNotNull();
                            assertThat(taken.remark().code())
                                    .isEqualTo(WarningCode.THUMBNAIL_GENERATION_FAILED);
                        });
    }

    @Test
    void coloursThatNobodyCanMapAreToldOf() throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of("samples/h264-aac.mp4"));
        ThumbnailPlan plan =
                ThumbnailPlan.ofStill(0, 320, 180, Light.UNKNOWN, ThumbnailPolicy.USUAL);

        ThumbnailOutcome outcome = real(Duration.ofSeconds(20), new RemoteMedia(bytes), plan);

        assertThat(((Taken) outcome).remark()).isNotNull();
        assertThat(((Taken) outcome).remark().code())
                .isEqualTo(WarningCode.THUMBNAILS_NOT_TONE_MAPPED);
    }

    @Test
    void withoutFfmpegThereAreNoPictures() throws IOException {
        FfmpegInstallation without =
                new FfmpegInstallation(Path.of("/bin/false"), "8", null, null, null);

        try (RemoteInputs remotes = new RemoteInputs(CAGE, without);
                FfmpegThumbnailer thumbnailer =
                        new FfmpegThumbnailer(
                                settings(Duration.ofSeconds(1)), without, remotes, Sandbox.NONE)) {
            assertThat(thumbnailer.take(new RemoteMedia(new byte[1]), STILL))
                    .isInstanceOf(Refused.class);
            assertThat(thumbnailer.version()).isNull();
        }
    }

    @Test
    void anFfmpegThatCrashesIsNoFaultOfTheService() throws IOException {
        assertThat(standIn("kill -SEGV $$", Duration.ofSeconds(5)))
                .isEqualTo(new Refused("ffmpeg can decode no picture of the video."));
    }

    private ThumbnailOutcome standIn(String script, Duration timeout) throws IOException {
        Path tool = folder.resolve("ffmpeg");
        Files.writeString(tool, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        FfmpegInstallation standIn =
                new FfmpegInstallation(Path.of("/bin/true"), "8", tool, "8", null);
        try (RemoteInputs remotes = new RemoteInputs(CAGE, standIn);
                FfmpegThumbnailer thumbnailer =
                        new FfmpegThumbnailer(settings(timeout), standIn, remotes, Sandbox.NONE)) {
            return thumbnailer.take(new RemoteMedia(new byte[1]), STILL);
        }
    }

    private static ThumbnailOutcome real(Duration timeout, RemoteMedia media, ThumbnailPlan plan)
            throws IOException {
        FfmpegInstallation bundled = FfmpegInstaller.install(Path.of("target/test-data"), CAGE);
        try (RemoteInputs remotes = new RemoteInputs(CAGE, bundled);
                FfmpegThumbnailer thumbnailer =
                        new FfmpegThumbnailer(settings(timeout), bundled, remotes, Sandbox.NONE)) {
            return thumbnailer.take(media, plan);
        }
    }

    private static ThumbnailSettings settings(Duration timeout) {
        return new ThumbnailSettings(timeout, 1, Duration.ofSeconds(10), DataSize.ofGigabytes(2));
    }
}
