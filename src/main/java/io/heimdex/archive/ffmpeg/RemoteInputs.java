package io.heimdex.archive.ffmpeg;

import io.heimdex.archive.storage.OpenedMedia;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the tools read files of other machines. Made when the first comes: most nodes never see one.
 */
public final class RemoteInputs implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RemoteInputs.class);

    private final Cage cage;
    private final FfmpegInstallation tools;
    private @Nullable Started started;

    public RemoteInputs(Cage cage, FfmpegInstallation tools) {
        this.cage = cage;
        this.tools = tools;
    }

    private record Started(RangeServer server, List<String> options) {}

    /** Serves the file until the answer is closed. */
    public RangeServer.Serving serve(OpenedMedia media) throws IOException {
        return started().server().serve(media);
    }

    /** What goes before the URL of what is served. */
    public List<String> options() throws IOException {
        return started().options();
    }

    private synchronized Started started() throws IOException {
        if (started == null) {
            started = new Started(new RangeServer(), Inputs.ofUrls(cage, tools));
        }
        return started;
    }

    @Override
    public synchronized void close() {
        if (started != null) {
            try {
                started.server().close();
            } catch (IOException e) {
                log.warn("the range server could not be closed", e);
            }
        }
    }
}
