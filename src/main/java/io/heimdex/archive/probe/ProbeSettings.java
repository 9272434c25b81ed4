package io.heimdex.archive.probe;

import io.heimdex.archive.ffmpeg.Cage;
import io.heimdex.archive.ffmpeg.Sandbox;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The limits of a probe.
 *
 * @param dataDir the folder below which the bundled ffprobe is unpacked
 * @param ffprobe an ffprobe of version 6 or newer to use instead of the bundled one
 * @param timeout the wall-clock time of one probe, after which its process is killed
 * @param processorTime the processor time of one ffprobe process, in whole seconds; most files take
 *     milliseconds
 * @param concurrency how many probes run at once, and how many deep ones decode; 0 for one per
 *     processor
 * @param remoteConcurrency how many probes of remote files run at once, besides those: they wait
 *     for the network more than they work
 * @param queueTimeout how long a probe waits for its turn
 * @param maxOutput the largest description of a file that is read
 * @param maxMemory the address space of the ffprobe process
 * @param sandbox whether ffprobe and ffmpeg see no file, process and network besides their own:
 *     {@code auto} if bubblewrap works here, {@code bwrap} or no start, {@code none}
 * @param deepTimeout the wall-clock time that decoding one file for a deep probe may take
 * @param deepMaxMemory the address space of the ffmpeg process of a deep probe
 */
@Validated
@ConfigurationProperties("heimdex.probe")
public record ProbeSettings(
        @DefaultValue("data") Path dataDir,
        @Nullable Path ffprobe,
        @DefaultValue("30s") Duration timeout,
        @DefaultValue("8s") Duration processorTime,
        @Min(0) @DefaultValue("0") int concurrency,
        @Min(1) @DefaultValue("16") int remoteConcurrency,
        @DefaultValue("60s") Duration queueTimeout,
        @DefaultValue("8MB") DataSize maxOutput,
        @DefaultValue("1GB") DataSize maxMemory,
        @DefaultValue("auto") Sandbox.Mode sandbox,
        @DefaultValue("30m") Duration deepTimeout,
        @DefaultValue("2GB") DataSize deepMaxMemory) {

    /** What a probe runs in. */
    public Cage cage(Sandbox sandbox) {
        return new Cage(
                timeout,
                processorTime,
                Math.toIntExact(maxOutput.toBytes()),
                maxMemory.toBytes(),
                sandbox);
    }

    /** How many probes run at once. */
    public int permits() {
        return concurrency > 0 ? concurrency : Runtime.getRuntime().availableProcessors();
    }
}
