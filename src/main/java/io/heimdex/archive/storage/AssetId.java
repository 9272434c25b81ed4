package io.heimdex.archive.storage;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The identity of a media file, made from its content: {@code sha256:<hex>}, or {@code weak:<md5 of
 * name|size|mtime>} for a file too large to hash.
 */
public record AssetId(String value) {

    private static final Pattern VALID = Pattern.compile("sha256:[0-9a-f]{64}|weak:[0-9a-f]{32}");

    public AssetId {
        if (!VALID.matcher(value).matches()) {
            throw new IllegalArgumentException("not an asset id: " + value);
        }
    }

    /** Empty if the text is no asset id. */
    public static Optional<AssetId> parse(String value) {
        return VALID.matcher(value).matches() ? Optional.of(new AssetId(value)) : Optional.empty();
    }

    /** Whether the id stands for every byte of the file. */
    public boolean strong() {
        return value.startsWith("sha256:");
    }

    /** {@code sha256} or {@code md5}. */
    public String hashAlgorithm() {
        return strong() ? "sha256" : "md5";
    }

    /** The hash without its prefix, in lower-case hex. */
    public String hash() {
        return value.substring(value.indexOf(':') + 1);
    }

    @Override
    public String toString() {
        return value;
    }
}
