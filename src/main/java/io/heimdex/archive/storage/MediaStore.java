package io.heimdex.archive.storage;

import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.OrgId;
import java.io.InputStream;
import java.util.List;
import java.util.UUID;

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
     * The files of the org's configured archive, in no order; empty if the org has none or it
     * cannot be read.
     */
    List<SourceUri> listArchive(OrgId org);

    /** The place for an upload that is about to come. */
    SourceUri uploadTarget(OrgId org, UUID uploadId, String name);

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

    /** Fixes an upload that is there: nobody writes to it until it is unsealed. */
    void seal(OrgId org, SourceUri upload);

    /** Lets bytes be sent to the upload again. */
    void unseal(OrgId org, SourceUri upload);

    /**
     * Writes a derived file in one step: readers see the old one or the new one.
     *
     * @param key {@code {org}/…}, with slashes
     */
    void putDerived(String key, byte[] content);
}
