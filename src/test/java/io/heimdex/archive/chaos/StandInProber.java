package io.heimdex.archive.chaos;

import io.heimdex.archive.probe.MediaInfo;
import io.heimdex.archive.probe.MediaProber;
import io.heimdex.archive.probe.ProbeOutcome;
import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.probe.TestStreams;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.storage.OpenedMedia;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Notes every probe before it begins, and takes its time for it. What it does with a file is told
 * by the file's name; the real ffprobe gets a share of them.
 */
final class StandInProber implements MediaProber {

    /** How the names of files begin that are not simply probed. */
    enum Kind {
        PLAIN,
        REAL,
        BAD,
        POISON;

        static Kind of(String name) {
            for (Kind kind : values()) {
                if (name.startsWith(kind.prefix())) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(name);
        }

        String prefix() {
            return name().toLowerCase(Locale.ROOT) + "-";
        }
    }

    private static final int HALTED = 134;

    private final MediaProber real;
    private final Duration work;
    private final Path notes;

    StandInProber(MediaProber real, Duration work, Path notes) {
        this.real = real;
        this.work = work;
        this.notes = notes;
    }

    @Override
    public ProbeOutcome probe(OpenedMedia media, @Nullable Duration timeout) {
        String name = media.uri().name();
        note(name);
        LockSupport.parkNanos(work.toNanos());
        return switch (Kind.of(name)) {
            case PLAIN -> new Probed(sound(), List.of(), "{}");
            case REAL -> real.probe(media, timeout);
            case BAD -> new Rejected(ErrorCode.INVALID_MEDIA, "The file is bad.");
            case POISON -> {
                Runtime.getRuntime().halt(HALTED);
                yield new Rejected(ErrorCode.INTERNAL_ERROR, "Nobody comes here.");
            }
        };
    }

    /** In one write, which stays whatever becomes of this process. */
    private void note(String name) {
        try {
            Files.writeString(
                    notes, name + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MediaInfo sound() {
        return TestStreams.media(
                "wav",
                2.0,
                128_000L,
                Map.of(),
                List.of(
                        TestStreams.stream("audio")
                                .codec("pcm_s16le")
                                .sound(1, 8_000)
                                .bitRate(128_000L)
                                .build()));
    }

    @Override
    public Tools tools() {
        return real.tools();
    }
}
