package io.heimdex.archive.storage;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.OrgId;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where media files and what is derived from them are kept. */
public interface MediaStore {

    /**
     * Opens a file that the org may read.
     *
     * @throws HeimdexException {@code source_forbidden}, {@code source_not_found}, {@code
     *     not_regular_file}, or {@code storage_unavailable} for a fault that may pass
     */
    OpenedMedia open(OrgId org, SourceUri source);

    /**
     * The folder that is the org's archive.
     *
     * @throws HeimdexException {@code archive_not_found} if it has none, or {@code
     *     storage_unavailable}
     */
    SourceUri archive(OrgId org);

    /** Whether the files are on other machines, so that reading them is mostly waiting. */
    boolean remote();

    /** The organisations that have an archive configured. */
    Set<OrgId> archives();

    /**
     * Walks the org's configured archive and hands over every regular file in it, in no order.
     * Memory does not grow with the number of files. What cannot be read or named is told to the
     * visitor, and the walk goes on; links, pipes and the like are passed over. A file that is
     * renamed meanwhile may be seen twice or not at all. An interrupt ends the walk.
     *
     * @param folder walks only what is below it; {@code null} for the whole archive
     * @param after a place that an earlier walk told the visitor: what comes before it is passed
     *     over; {@code null} for everything
     * @throws HeimdexException {@code archive_not_found}, {@code source_forbidden} for a folder
     *     that is not the archive's, {@code source_not_found} for one that is not there, {@code
     *     storage_unavailable}, or {@code service_unavailable} when interrupted
     */
    void walk(
            OrgId org, @Nullable SourceUri folder, @Nullable String after, ArchiveVisitor visitor);

    /** Walks from the beginning. */
    default void walk(OrgId org, @Nullable SourceUri folder, ArchiveVisitor visitor) {
        walk(org, folder, null, visitor);
    }

    /** The place for an upload that is about to come. */
    SourceUri uploadTarget(OrgId org, UUID uploadId, String name);

    /**
     * The request with which the client sends the upload's bytes to the storage itself; empty where
     * they come through this service.
     *
     * @param length the declared length of the file in bytes: the storage takes no other
     * @throws HeimdexException {@code storage_unavailable}
     */
    Optional<DirectUpload> directUpload(
            SourceUri target, long length, String contentType, Instant expiresAt);

    /**
     * Appends bytes to an upload; it becomes readable when the last byte is there.
     *
     * @param offset where the bytes begin; 0 starts over
     * @param total the declared length of the whole file in bytes
     * @return how many bytes of the file are there now
     * @throws HeimdexException {@code upload_offset_mismatch}, {@code upload_too_large}, {@code
     *     upload_in_progress}, {@code upload_already_used} if it was sealed meanwhile, or {@code
     *     storage_full}; the upload keeps what it had before
     */
    long receive(OrgId org, SourceUri target, InputStream bytes, long offset, long total);

    /**
     * Deletes what there is of an upload that came to nothing.
     *
     * @throws HeimdexException {@code upload_in_progress} if somebody writes to it, or {@code
     *     storage_unavailable}
     */
    void discard(OrgId org, SourceUri upload);

    /** Fixes an upload that is there: nobody writes to it until it is unsealed. */
    void seal(OrgId org, SourceUri upload);

    /** Lets bytes be sent to the upload again. */
    void unseal(OrgId org, SourceUri upload);

    /**
     * Writes a derived file in one step: readers see the old one or the new one.
     *
     * @param key {@code {org}/…}, with slashes
     * @param contentType what the storage tells who reads it, where it can
     */
    void putDerived(String key, String contentType, byte[] content);

    /**
     * The bytes of a derived file; empty if it is not there.
     *
     * @throws HeimdexException {@code storage_unavailable}
     */
    Optional<byte[]> getDerived(String key);

    /**
     * Deletes derived files; those that are not there are passed over.
     *
     * @throws HeimdexException {@code storage_unavailable}
     */
    void deleteDerived(Collection<String> keys);
}
