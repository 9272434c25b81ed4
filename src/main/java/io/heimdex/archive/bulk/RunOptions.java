package io.heimdex.archive.bulk;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.AssetIdentity;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * How a run goes about it; {@code null} leaves a setting as the service has it.
 *
 * @param chunkSize how many assets are probed and committed together
 * @param concurrency how many of a partition's assets are probed at once
 * @param itemTimeout the wall-clock time of one probe, such as {@code 30s}; no longer than the
 *     service's own limit
 * @param rateLimit how many assets a second the whole run probes at most
 * @param maxFailures after how many failed assets the run is given up
 * @param weakThresholdBytes the largest file that a scan hashes; a larger one gets a weak id, which
 *     takes no reading. 0 hashes none; a later scan with another limit hashes them, and the assets
 *     with strong ids take the place of the weak ones
 * @param copies whether copies of the sidecars are published in the storage; yes if not said
 * @param deep whether files are decoded from beginning to end, to count their frames and measure
 *     their loudness, which takes minutes each; no if not said
 */
public record RunOptions(
        @Min(1) @Max(1000) @Nullable Integer chunkSize,
        @Min(1) @Max(256) @Nullable Integer concurrency,
        @Pattern(
                        regexp = "[1-9][0-9]{0,5}(ms|s|m)",
                        message = "must be a number of ms, s or m, such as 30s")
                @Nullable String itemTimeout,
        @DecimalMin("0.01") @DecimalMax("1000000") @Nullable Double rateLimit,
        @Min(1) @Nullable Integer maxFailures,
        @PositiveOrZero @Nullable Long weakThresholdBytes,
        @Nullable Boolean copies,
        @Nullable Boolean deep) {

    public static final RunOptions DEFAULT =
            new RunOptions(null, null, null, null, null, null, null, null);

    /**
     * The options of a run of the type.
     *
     * @throws HeimdexException {@code validation_failed} for those that mean nothing to it
     */
    public RunOptions checked(RunType type) {
        if (type == RunType.THUMBNAILS) {
            refuse("copies", copies);
            refuse("deep", deep);
            refuse("item_timeout", itemTimeout);
        }
        return this;
    }

    private static void refuse(String option, @Nullable Object value) {
        if (value != null) {
            throw HeimdexException.invalidField(
                    "options." + option, "goes with scan and reprobe only");
        }
    }

    /** The largest file in bytes that gets a strong id. */
    public long strongLimit() {
        return Objects.requireNonNullElse(weakThresholdBytes, AssetIdentity.DEFAULT_STRONG_LIMIT);
    }

    /** Whether copies of the sidecars are published. */
    public boolean publishes() {
        return !Boolean.FALSE.equals(copies);
    }

    /** Whether files are decoded from beginning to end. */
    public boolean decodes() {
        return Boolean.TRUE.equals(deep);
    }

    /** The time-out of one probe, if the run has one of its own. */
    public @Nullable Duration probeTimeout() {
        return itemTimeout == null ? null : DurationStyle.SIMPLE.parse(itemTimeout);
    }
}
