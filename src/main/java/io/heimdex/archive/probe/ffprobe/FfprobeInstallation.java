package io.heimdex.archive.probe.ffprobe;

import io.heimdex.archive.probe.MediaProber;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An ffprobe that was seen to run.
 *
 * @param libraries the folder of its shared libraries, if it brings them
 */
record FfprobeInstallation(Path executable, @Nullable Path libraries, MediaProber.Tools tools) {

    /** The whole environment that it runs with. */
    Map<String, String> environment() {
        return BundledFfprobe.environment(libraries);
    }
}
