package io.heimdex.archive.asset;

import com.fasterxml.jackson.annotation.JsonValue;
import io.heimdex.archive.problem.SnakeCase;
import io.heimdex.archive.storage.AssetId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A media file that an org has.
 *
 * @param sourceUri where it is
 * @param filename its name as the client gave it
 * @param fingerprint of the file as it was committed, {@code null} if another file is there now
 * @param failure why it could not be probed the last time
 */
public record Asset(
        AssetId id,
        String sourceUri,
        String filename,
        long sizeBytes,
        @Nullable String fingerprint,
        Status status,
        @Nullable Failure failure) {

    /** Where an asset is in its life. */
    public enum Status {
        QUEUED,
        PROCESSING,
        READY,
        FAILED;

        /** The name in answers and in the database. */
        @JsonValue
        public String wireName() {
            return SnakeCase.of(this);
        }

        static Status of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * Why the last probe failed.
     *
     * @param attempts how many probes in a row have failed
     */
    public record Failure(String code, String message, int attempts, Instant at) {}
}
