package io.heimdex.archive.probe.ffprobe;

import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.FfmpegInstaller;
import io.heimdex.archive.ffmpeg.RemoteInputs;
import io.heimdex.archive.probe.ProbeSettings;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FfprobeConfiguration {

    /** The configured tools, or the bundled ones. */
    @Bean
    FfmpegInstallation ffmpegInstallation(ProbeSettings settings) throws IOException {
        return settings.ffprobe() == null
                ? FfmpegInstaller.install(settings.dataDir(), settings.cage())
                : FfmpegInstaller.installed(settings.ffprobe(), settings.cage());
    }

    @Bean
    RemoteInputs remoteInputs(ProbeSettings settings, FfmpegInstallation installation) {
        return new RemoteInputs(settings.cage(), installation);
    }
}
