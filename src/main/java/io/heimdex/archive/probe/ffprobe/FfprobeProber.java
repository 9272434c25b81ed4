package io.heimdex.archive.probe.ffprobe;

import com.github.kokorin.jaffree.ffprobe.FFprobeResult;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/**
 * Probes with ffprobe: one process per probe, no more than configured. A file of this machine is
 * its standard input; another one it reads from us, range by range.
 */
@Component
class FfprobeProber implements MediaProber, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FfprobeProber.class);

    /** What the keeper and the loader end with when the tool or a library of it is missing. */
    private static final int CANNOT_EXECUTE = 126;

    private static final int CANNOT_BE_FOUND = 127;
    private static final int SIGNALLED = 128;
    private static final int SIGKILL = SIGNALLED + 9;
    private static final int SIGXCPU = SIGNALLED + 24;

    private final ProbeSettings settings;
    private final FfprobeInstallation ffprobe;
    private final FfprobeCommand command;
    private final CagedTool tool;
    private final Semaphore turns;
    private final Cage cage;
    private @Nullable RemoteProbes remote;

    FfprobeProber(ProbeSettings settings) throws IOException {
        this.settings = settings;
        this.cage =
                new Cage(
                        settings.timeout(),
                        Math.toIntExact(settings.maxOutput().toBytes()),
                        settings.maxMemory().toBytes());
        this.ffprobe =
                settings.ffprobe() == null
                        ? BundledFfprobe.install(settings.dataDir(), cage)
                        : BundledFfprobe.installed(settings.ffprobe(), cage);
        this.command = FfprobeCommand.ofFile(ffprobe.executable());
        this.tool = new CagedTool(cage, command.commandLine(), ffprobe.environment());
        this.turns = new Semaphore(settings.permits(), true);
    }

    @Override
    public Tools tools() {
        return ffprobe.tools();
    }

    @Override
    public ProbeOutcome probe(OpenedMedia media, @Nullable Duration ownTimeout) {
        Duration timeout =
                ownTimeout == null || ownTimeout.compareTo(settings.timeout()) > 0
                        ? settings.timeout()
                        : ownTimeout;
        if (media.size() == 0) {
            return new Rejected(ErrorCode.EMPTY_FILE, "The file has no bytes.");
        }
        Optional<Path> file = media.descriptor();
        CagedTool.Result result =
                file.isPresent()
                        ? run(turns, () -> tool.run(file.get().toString(), timeout))
                        : runRemotely(media, timeout);
        if (!media.unchanged()) {
            return new Rejected(
                    ErrorCode.SOURCE_CHANGED,
                    "The file changed while it was probed; commit it again.");
        }
        return outcome(result, timeout);
    }

    private CagedTool.Result runRemotely(OpenedMedia media, Duration timeout) {
        RemoteProbes probes = remote();
        try (RangeServer.Serving serving = probes.server().serve(media)) {
            CagedTool.Result result =
                    run(probes.turns(), () -> probes.tool().run(serving.url(), timeout));
            HeimdexException failure = serving.failure();
            if (failure != null && media.unchanged()) {
                throw failure;
            }
            if (result.timedOut() && serving.waits()) {
                throw new HeimdexException(
                        ErrorCode.STORAGE_UNAVAILABLE, "The storage is too slow for a probe.");
            }
            return result;
        }
    }

    /** Made when the first remote file comes: most nodes never see one. */
    private synchronized RemoteProbes remote() {
        if (remote == null) {
            try {
                remote = RemoteProbes.start(cage, ffprobe, settings.remoteConcurrency());
            } catch (IOException e) {
                throw unavailable("Remote files cannot be probed.", e);
            }
        }
        return remote;
    }

    @FunctionalInterface
    private interface Run {
        CagedTool.Result run() throws IOException;
    }

    private CagedTool.Result run(Semaphore turns, Run run) {
        try {
            if (!turns.tryAcquire(settings.queueTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                throw unavailable("No prober came free in time.", null);
            }
            try {
                return run.run();
            } finally {
                turns.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("The service is shutting down.", e);
        } catch (IOException e) {
            throw unavailable("ffprobe could not be run.", e);
        }
    }

    private ProbeOutcome outcome(CagedTool.Result result, Duration timeout) {
        Messages messages = Messages.of(result.stderr());
        if (result.timedOut()) {
            return new Rejected(
                    ErrorCode.PROBE_TIMEOUT,
                    "The probe was ended after " + timeout.toMillis() / 1000.0 + " s.");
        }
        if (result.stdoutCut()) {
            return new Rejected(
                    ErrorCode.PROBE_OUTPUT_LIMIT,
                    "The description of the file is larger than " + settings.maxOutput() + ".");
        }
        if (result.exitCode() == CANNOT_EXECUTE || result.exitCode() == CANNOT_BE_FOUND) {
            throw unavailable("ffprobe could not be started.", null);
        }
        if (result.exitCode() == SIGKILL
                || result.exitCode() == SIGXCPU
                || messages.outOfMemory()) {
            return new Rejected(
                    ErrorCode.PROBE_RESOURCE_LIMIT,
                    "The probe reached its limit of memory or time.");
        }
        if (result.exitCode() >= SIGNALLED) {
            return new Rejected(
                    ErrorCode.PROBER_CRASHED,
                    "The file crashes ffprobe " + ffprobe.tools().ffprobe() + ".");
        }
        if (result.exitCode() != 0) {
            return messages.formatRefused()
                    ? new Rejected(
                            ErrorCode.UNSUPPORTED_FORMAT,
                            "The file is in a format that is not taken.")
                    : new Rejected(
                            ErrorCode.INVALID_MEDIA, "ffprobe finds no valid media in the file.");
        }
        try {
            FFprobeResult answer = command.parse(result.stdout());
            return MediaInfos.outcome(answer, messages.warnings(), result.stdout());
        } catch (JacksonException e) {
            log.info("the answer of ffprobe cannot be read", e);
            return new Rejected(
                    ErrorCode.INVALID_MEDIA, "The description of the file cannot be read.");
        }
    }

    private static HeimdexException unavailable(String detail, @Nullable Exception cause) {
        return new HeimdexException(ErrorCode.PROBER_UNAVAILABLE, detail, cause);
    }

    @Override
    public synchronized void close() {
        tool.close();
        if (remote != null) {
            remote.close();
        }
    }
}
