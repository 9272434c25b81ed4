package io.heimdex.archive.job;

import io.heimdex.archive.problem.HeimdexException;
import org.jspecify.annotations.Nullable;

/** The header by which a repeated request is known. */
public final class IdempotencyKey {

    /** The header's name. */
    public static final String HEADER = "Idempotency-Key";

    private static final int MAX_LENGTH = 255;

    private IdempotencyKey() {}

    /**
     * The key, or {@code null} if there is none.
     *
     * @throws HeimdexException {@code validation_failed} if it is blank or too long
     */
    public static @Nullable String checked(@Nullable String key) {
        if (key != null && (key.isBlank() || key.length() > MAX_LENGTH)) {
            throw HeimdexException.invalidField(
                    HEADER, "must have 1 to " + MAX_LENGTH + " characters");
        }
        return key;
    }
}
