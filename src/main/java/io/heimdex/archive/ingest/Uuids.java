package io.heimdex.archive.ingest;

import java.util.Optional;
import java.util.UUID;

/** Ids of uploads as clients write them. */
final class Uuids {

    private Uuids() {}

    /** Empty if the text is no UUID in its full form. */
    static Optional<UUID> parse(String text) {
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
