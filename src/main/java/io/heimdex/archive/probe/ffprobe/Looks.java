package io.heimdex.archive.probe.ffprobe;

import io.heimdex.archive.ffmpeg.CagedTool;
import io.heimdex.archive.probe.ffprobe.FfprobeCommand.Look;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The looks that can be taken at files of one kind, so many at a time. */
final class Looks implements AutoCloseable {

    private final Map<Look, CagedTool> tools = new EnumMap<>(Look.class);
    private final Semaphore turns;

    Looks(Function<Look, CagedTool> tool, int concurrency) {
        for (Look look : Look.values()) {
            tools.put(look, tool.apply(look));
        }
        this.turns = new Semaphore(concurrency, true);
    }

    /**
     * Takes a look at the file.
     *
     * @param wait for a turn
     * @param timeout of the look itself
     */
    CagedTool.Result take(Look look, String input, Duration wait, Duration timeout)
            throws IOException, InterruptedException, TimeoutException {
        if (!turns.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TimeoutException("no turn came in time");
        }
        try {
            return Objects.requireNonNull(tools.get(look)).run(input, timeout);
        } finally {
            turns.release();
        }
    }

    @Override
    public void close() {
        tools.values().forEach(CagedTool::close);
    }
}
