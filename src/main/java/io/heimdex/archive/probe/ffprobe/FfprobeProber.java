package io.heimdex.archive.probe.ffprobe;

import com.github.kokorin.jaffree.ffprobe.FFprobeResult;
import io.heimdex.archive.ffmpeg.Cage;
import io.heimdex.archive.ffmpeg.CagedTool;
import io.heimdex.archive.ffmpeg.FfmpegInstallation;
import io.heimdex.archive.ffmpeg.RangeServer;
import io.heimdex.archive.ffmpeg.RemoteInputs;
import io.heimdex.archive.ffmpeg.Sandbox;
import io.heimdex.archive.probe.MediaInfo;
import io.heimdex.archive.probe.MediaInfo.FirstFrame;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.WarningCode;
import io.heimdex.archive.probe.ffprobe.FfprobeCommand.Look;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * Probes with ffprobe: one process per probe, no more than configured. A file of this machine is
 * its standard input; another one it reads from us, range by range.
 */
@Component
class FfprobeProber implements MediaProber, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FfprobeProber.class);

    private static final int SIGNALLED = 128;
    private static final int SIGKILL = SIGNALLED + 9;
    private static final int SIGXCPU = SIGNALLED + 24;

    private static final Set<String> ISO = Set.of("mov", "mp4");

    /** Containers in which captions travel inside the pictures. */
    private static final Set<String> BROADCAST = Set.of("mpegts", "mpeg", "mxf", "gxf");

    private static final Set<String> CAPTIONED = Set.of("mpeg2video", "h264", "hevc");
    private static final String PQ = "smpte2084";

    private final ProbeSettings settings;
    private final FfmpegInstallation installation;
    private final Looks looks;
    private final Cage cage;
    private final RemoteInputs remotes;
    private @Nullable Looks remoteLooks;

    FfprobeProber(
            ProbeSettings settings,
            FfmpegInstallation installation,
            RemoteInputs remotes,
            Sandbox sandbox) {
        this.remotes = remotes;
        this.settings = settings;
        this.cage = settings.cage(sandbox);
        this.installation = installation;
        this.looks =
                new Looks(
                        look ->
                                new CagedTool(
                                        cage,
                                        FfprobeCommand.ofFile(installation.ffprobe(), look)
                                                .commandLine(),
                                        installation.environment()),
                        settings.permits());
    }

    @Override
    public Tools tools() {
        return new Tools(installation.ffprobeVersion(), installation.ffmpegVersion());
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
        ProbeOutcome outcome =
                file.isPresent()
                        ? probe(looks, file.get().toString(), media::read, media.size(), timeout)
                        : probeRemotely(media, timeout);
        if (!media.unchanged()) {
            return new Rejected(
                    ErrorCode.SOURCE_CHANGED,
                    "The file changed while it was probed; commit it again.");
        }
        return outcome;
    }

    private ProbeOutcome probeRemotely(OpenedMedia media, Duration timeout) {
        try (RangeServer.Serving serving = remotes.serve(media)) {
            ProbeOutcome outcome =
                    probe(remoteLooks(), serving.url(), serving::read, media.size(), timeout);
            HeimdexException failure = serving.failure();
            if (failure != null && media.unchanged()) {
                throw failure;
            }
            if (serving.waits()
                    && outcome instanceof Rejected(ErrorCode code, String _)
                    && code == ErrorCode.PROBE_TIMEOUT) {
                throw new HeimdexException(
                        ErrorCode.STORAGE_UNAVAILABLE, "The storage is too slow for a probe.");
            }
            return outcome instanceof Probed probed
                    ? withoutAddress(probed, serving.url())
                    : outcome;
        } catch (IOException e) {
            throw unavailable("Remote files cannot be probed.", e);
        }
    }

    /** The address of a remote file lives as long as its probe. */
    private static Probed withoutAddress(Probed probed, String url) {
        return new Probed(probed.media(), probed.warnings(), probed.raw().replace(url, "fd:"));
    }

    private synchronized Looks remoteLooks() throws IOException {
        if (remoteLooks == null) {
            List<String> options = remotes.options();
            remoteLooks =
                    new Looks(
                            look ->
                                    new CagedTool(
                                            cage,
                                            CagedTool.Input.ARGUMENT,
                                            FfprobeCommand.ofUrl(
                                                            installation.ffprobe(), look, options)
                                                    .commandLine(),
                                            installation.environment()),
                            settings.remoteConcurrency());
        }
        return remoteLooks;
    }

    private ProbeOutcome probe(
            Looks at, String input, TopLevelBoxes.Bytes bytes, long size, Duration timeout) {
        ProbeOutcome outcome = outcome(take(at, Look.HEADERS, input, timeout), timeout);
        if (!(outcome instanceof Probed(MediaInfo media, List<Warning> warnings, String raw))) {
            return outcome;
        }
        MediaInfo whole =
                isOneOf(media, ISO) ? media.with(TopLevelBoxes.indexFirst(bytes, size)) : media;
        Probed probed = new Probed(whole, warnings, raw);
        return firstFrameTellsMore(whole) || (isStill(whole) && ExifTurn.isIn(bytes, size))
                ? withFirstFrame(probed, take(at, Look.FIRST_FRAME, input, timeout))
                : probed;
    }

    private CagedTool.Result take(Looks at, Look look, String input, Duration timeout) {
        try {
            return at.take(look, input, settings.queueTimeout(), timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("The service is shutting down.", e);
        } catch (TimeoutException e) {
            throw unavailable("No prober came free in time.", e);
        } catch (IOException e) {
            throw unavailable("ffprobe could not be run.", e);
        }
    }

    private static boolean isOneOf(MediaInfo media, Set<String> containers) {
        return Stream.of(media.container().split(",", -1)).anyMatch(containers::contains);
    }

    private static boolean isStill(MediaInfo media) {
        return media.container().endsWith("_pipe");
    }

    /** Whether the headers leave open what kind of HDR it is, or whether there are captions. */
    private static boolean firstFrameTellsMore(MediaInfo media) {
        boolean broadcast = isOneOf(media, BROADCAST);
        return media.streams().stream()
                .filter(stream -> stream.type().equals("video") && !stream.attachedPicture())
                .anyMatch(stream ->
                        PQ.equals(stream.picture().colorTransfer())
                                || (broadcast
                                        && stream.codec() != null
                                        && CAPTIONED.contains(stream.codec())));
    }

    /** A file whose headers are good stays media, whatever becomes of its first frame. */
    private static ProbeOutcome withFirstFrame(Probed probed, CagedTool.Result result) {
        try {
            Optional<FirstFrame> frame =
                    result.timedOut() || result.stdoutCut() || result.exitCode() != 0
                            ? Optional.empty()
                            : MediaInfos.firstFrame(FfprobeCommand.parse(result.stdout()));
            if (frame.isPresent()) {
                return new Probed(
                        probed.media().with(frame.get()), probed.warnings(), probed.raw());
            }
        } catch (JacksonException e) {
            log.info("the answer of ffprobe about a first frame cannot be read", e);
        }
        List<Warning> warnings = new ArrayList<>(probed.warnings());
        warnings.add(new Warning(WarningCode.FIRST_FRAME_UNREADABLE));
        return new Probed(probed.media(), warnings, probed.raw());
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
        if (result.notStarted()) {
            throw unavailable("ffprobe could not be started.", null);
        }
        if (result.exitCode() != 0 && messages.tooManyStreams()) {
            return new Rejected(
                    ErrorCode.PROBE_OUTPUT_LIMIT,
                    "The file has more than " + Bounds.MAX_STREAMS + " streams.");
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
                    "The file crashes ffprobe " + installation.ffprobeVersion() + ".");
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
            FFprobeResult answer = FfprobeCommand.parse(result.stdout());
            return MediaInfos.outcome(answer, messages.warnings(), result.stdout());
        } catch (StreamConstraintsException e) {
            log.info("the answer of ffprobe is beyond what is read", e);
            return new Rejected(
                    ErrorCode.PROBE_OUTPUT_LIMIT,
                    "A part of the description of the file is too large.");
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
        looks.close();
        if (remoteLooks != null) {
            remoteLooks.close();
        }
    }
}
