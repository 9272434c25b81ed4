package io.heimdex.archive.probe.ffprobe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.RemoteInputs;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/** What each way in which ffprobe can end means. A script stands in for ffprobe. */
class FfprobeProberTests {

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "exit 1,                                              INVALID_MEDIA",
        "echo Cannot allocate memory >&2; exit 1,             PROBE_RESOURCE_LIMIT",
        "echo Format not on whitelist >&2; exit 1,            UNSUPPORTED_FORMAT",
        "echo exceeds max_streams >&2; exit 1,                PROBE_OUTPUT_LIMIT",
        "kill -SEGV $$,                                       PROBER_CRASHED",
        "kill -KILL $$,                                       PROBE_RESOURCE_LIMIT",
        "kill -XCPU $$,                                       PROBE_RESOURCE_LIMIT",
        "sleep 60,                                            PROBE_TIMEOUT",
        "while :; do echo x; done,                            PROBE_OUTPUT_LIMIT",
        "echo '{\"streams\":[]}',                             INVALID_MEDIA",
        "printf '[%.0s' $(seq 40),                             PROBE_OUTPUT_LIMIT",
        "echo nonsense,                                       INVALID_MEDIA"
    })
    void theFileIsToBlame(String script, ErrorCode code) throws IOException {
        ProbeOutcome outcome = probe(script, 1);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> assertThat(rejected.code()).isEqualTo(code));
    }

    @ParameterizedTest
    @CsvSource({"exit 126", "exit 127"})
    void theMachineIsToBlame(String script) {
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> probe(script, 1))
                .extracting(HeimdexException::code)
                .isEqualTo(ErrorCode.PROBER_UNAVAILABLE);
    }

    @Test
    void anEmptyFileIsNotProbed() throws IOException {
        assertThat(probe("exit 127", 0))
                .isEqualTo(new Rejected(ErrorCode.EMPTY_FILE, "The file has no bytes."));
    }

    private ProbeOutcome probe(String script, long size) throws IOException {
        Path tool = folder.resolve("ffprobe");
        Files.writeString(
                tool,
                """
                #!/bin/sh
                [ "$1" = -version ] && echo "ffprobe version 8-stand-in" && exit 0
                %s
                """
                        .formatted(script));
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
        ProbeSettings settings =
                new ProbeSettings(
                        folder,
                        tool,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        1,
                        1,
                        Duration.ofSeconds(1),
                        DataSize.ofKilobytes(64),
                        DataSize.ofGigabytes(1),
                        Sandbox.Mode.NONE,
                        Duration.ofSeconds(1),
                        DataSize.ofGigabytes(1));
        FfprobeConfiguration beans = new FfprobeConfiguration();
        FfmpegInstallation installation = beans.ffmpegInstallation(settings, Sandbox.NONE);
        try (RemoteInputs remotes = beans.remoteInputs(settings, installation, Sandbox.NONE);
                FfprobeProber prober =
                        new FfprobeProber(settings, installation, remotes, Sandbox.NONE)) {
            return prober.probe(new StandInMedia(size));
        }
    }

    /** Media that the stand-in for ffprobe never reads. */
    private record StandInMedia(long size) implements OpenedMedia {

        @Override
        public SourceUri uri() {
            return SourceUri.parse("file:///stand/in");
        }

        @Override
        public Instant modifiedAt() {
            return Instant.EPOCH;
        }

        @Override
        public String fingerprint() {
            return "stand-in";
        }

        @Override
        public InputStream newInputStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public Optional<Path> descriptor() {
            return Optional.of(Path.of("/dev/null"));
        }

        @Override
        public byte[] read(long position, int length) {
            throw new UnsupportedOperationException("nobody reads the stand-in");
        }

        @Override
        public boolean unchanged() {
            return true;
        }

        @Override
        public void close() {}
    }
}
