package io.heimdex.archive.storage;

import java.time.Instant;

/**
 * A regular file of an archive, as the walk saw it without opening it.
 *
 * @param fingerprint what {@link OpenedMedia#fingerprint()} says of the same file
 */
public record FoundFile(SourceUri uri, long sizeBytes, Instant modifiedAt, String fingerprint) {}
