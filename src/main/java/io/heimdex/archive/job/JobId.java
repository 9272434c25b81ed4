package io.heimdex.archive.job;

import java.util.Optional;
import java.util.UUID;

/** The public name of a job. Stays the same over all of its attempts. */
public record JobId(UUID value) {

    public static JobId random() {
        return new JobId(UUID.randomUUID());
    }

    /** Empty if the text is no job id. */
    public static Optional<JobId> parse(String value) {
        try {
            UUID id = UUID.fromString(value);
            // fromString also takes shortened forms, under which a job must not be found.
            return id.toString().equals(value) ? Optional.of(new JobId(id)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
