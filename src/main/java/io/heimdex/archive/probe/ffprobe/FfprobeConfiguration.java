package io.heimdex.archive.probe.ffprobe;

import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.FfmpegInstaller;
import io.heimdex.archive.ffmpeg.RemoteInputs;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.probe.ProbeSettings;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FfprobeConfiguration {

    @Bean
    Sandbox sandbox(ProbeSettings settings) {
        return Sandbox.of(settings.sandbox());
    }

    /** The configured tools, or the bundled ones. */
    @Bean
    FfmpegInstallation ffmpegInstallation(ProbeSettings settings, Sandbox sandbox)
            throws IOException {
        return settings.ffprobe() == null
                ? FfmpegInstaller.install(settings.dataDir(), settings.cage(sandbox))
                : FfmpegInstaller.installed(settings.ffprobe(), settings.cage(sandbox));
    }

    @Bean
    RemoteInputs remoteInputs(
            ProbeSettings settings, FfmpegInstallation installation, Sandbox sandbox) {
        return new RemoteInputs(settings.cage(sandbox), installation);
    }
}
