package io.heimdex.archive.probe.ffprobe;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What probes of remote files have for themselves. */
record RemoteProbes(CagedTool tool, RangeServer server, Semaphore turns) implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RemoteProbes.class);

    static RemoteProbes start(Cage cage, FfprobeInstallation ffprobe, int concurrency)
            throws IOException {
        FfprobeCommand command =
                FfprobeCommand.ofUrl(ffprobe.executable(), httpHelp(cage, ffprobe));
        return new RemoteProbes(
                new CagedTool(
                        cage, Keeper.Input.ARGUMENT, command.commandLine(), ffprobe.environment()),
                new RangeServer(),
                new Semaphore(concurrency, true));
    }

    private static String httpHelp(Cage cage, FfprobeInstallation ffprobe) throws IOException {
        List<String> command =
                List.of(ffprobe.executable().toString(), "-hide_banner", "-h", "protocol=http");
        try (CagedTool help = new CagedTool(cage, command, ffprobe.environment())) {
            return help.run(null).stdout();
        }
    }

    @Override
    public void close() {
        tool.close();
        try {
            server.close();
        } catch (IOException e) {
            log.warn("the range server could not be closed", e);
        }
    }
}
