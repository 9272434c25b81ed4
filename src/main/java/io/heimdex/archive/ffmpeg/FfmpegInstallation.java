package io.heimdex.archive.ffmpeg;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * FFmpeg's tools on this machine, as they were seen to run.
 *
 * @param ffmpeg {@code null} if there is none beside ffprobe
 * @param ffmpegVersion {@code null} without ffmpeg
 * @param libraries the folder of their shared libraries, if they bring them
 */
public record FfmpegInstallation(
        Path ffprobe,
        String ffprobeVersion,
        @Nullable Path ffmpeg,
        @Nullable String ffmpegVersion,
        @Nullable Path libraries) {

    /** The whole environment that they run with. */
    public Map<String, String> environment() {
        return FfmpegInstaller.environment(libraries);
    }
}
