package io.heimdex.archive.probe;

import io.heimdex.archive.problem.ErrorCode;
import java.util.List;

/**
 * What came of a probe. A bad file is an outcome like any other; only a fault of ours is an
 * exception.
 */
public sealed interface ProbeOutcome {

    /**
     * The file is media.
     *
     * @param warnings what is odd about it
     * @param raw the prober's own description, as JSON
     */
    record Probed(MediaInfo media, List<Warning> warnings, String raw) implements ProbeOutcome {}

    /**
     * The file is not media that this service takes; probing it again would end the same way.
     *
     * @param message for the client, without paths of this machine
     */
    record Rejected(ErrorCode code, String message) implements ProbeOutcome {}
}
