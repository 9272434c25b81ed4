package io.heimdex.archive.storage;

/** The kinds of place where media can be. */
public enum StorageBackend {
    LOCAL,
    GCS
}
