package io.heimdex.archive.storage;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Works out which asset a file is, and checks the file against a declared checksum on the way. */
public final class AssetIdentity {

    /** Files above this size get a weak id unless somebody asks otherwise. In bytes. */
    public static final long DEFAULT_STRONG_LIMIT = 1_000_000_000;

    private static final int BUFFER_BYTES = 1 << 18;

    private AssetIdentity() {}

    /**
     * The identity of the file's content.
     *
     * @param name the file's own name, part of a weak id
     * @param strongLimit the largest file in bytes that is hashed; {@code null} hashes every file.
     *     One whose checksum the storage keeps is not read for less than that.
     * @param declared the checksum that the bytes must have, or {@code null}
     * @throws HeimdexException {@code checksum_mismatch}, {@code source_changed} or {@code
     *     storage_unavailable}
     */
    public static AssetId of(
            OpenedMedia media,
            String name,
            @Nullable Long strongLimit,
            @Nullable Checksum declared) {
        Checksum stored = media.storedChecksum();
        boolean strong = strongLimit == null || (stored == null && media.size() <= strongLimit);
        MessageDigest sha256 = Sha256.digest();
        CRC32C crc32c = new CRC32C();
        boolean known =
                stored != null && (declared == null || declared.algorithm() == stored.algorithm());
        if (strong || (declared != null && !known)) {
            read(media, sha256, stored == null && declared == null ? null : crc32c);
            requireStored(stored, crc32c);
        }
        String sha256Hex = HexFormat.of().formatHex(sha256.digest());
        if (declared != null) {
            String actual =
                    switch (declared.algorithm()) {
                        case SHA256 -> sha256Hex;
                        case CRC32C ->
                                stored == null
                                        ? HexFormat.of().toHexDigits((int) crc32c.getValue())
                                        : stored.value();
                    };
            if (!actual.equals(declared.value())) {
                throw new HeimdexException(
                        ErrorCode.CHECKSUM_MISMATCH,
                        "The file's "
                                + declared.algorithm().wireName()
                                + " is "
                                + actual
                                + ", not the declared "
                                + declared.value()
                                + "; upload it again.");
            }
        }
        return strong ? new AssetId("sha256:" + sha256Hex) : weak(media, name);
    }

    private static AssetId weak(OpenedMedia media, String name) {
        String seed =
                media.storedChecksum() == null
                        ? name + "|" + media.size() + "|" + media.modifiedAt().getEpochSecond()
                        : media.size() + "|" + media.fingerprint();
        byte[] md5 = md5().digest(seed.getBytes(StandardCharsets.UTF_8));
        return new AssetId("weak:" + HexFormat.of().formatHex(md5));
    }

    /** What was read has to be what the storage keeps, or the identity would be of other bytes. */
    private static void requireStored(@Nullable Checksum stored, CRC32C crc32c) {
        if (stored != null
                && !stored.value().equals(HexFormat.of().toHexDigits((int) crc32c.getValue()))) {
            throw new HeimdexException(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "The storage sent other bytes than it keeps; try again.");
        }
    }

    private static void read(OpenedMedia media, MessageDigest sha256, @Nullable CRC32C crc32c) {
        byte[] buffer = new byte[BUFFER_BYTES];
        long total = 0;
        try (InputStream in = media.newInputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha256.update(buffer, 0, n);
                if (crc32c != null) {
                    crc32c.update(buffer, 0, n);
                }
                total += n;
            }
        } catch (IOException e) {
            throw new HeimdexException(
                    ErrorCode.STORAGE_UNAVAILABLE, "The file cannot be read right now.", e);
        }
        if (total != media.size() || !media.unchanged()) {
            throw new HeimdexException(
                    ErrorCode.SOURCE_CHANGED,
                    "The file changed while it was hashed; commit it when it is complete.");
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
