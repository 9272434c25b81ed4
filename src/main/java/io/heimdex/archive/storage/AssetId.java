package io.heimdex.archive.storage;

import java.util.Optional;

/**
 * The identity of a media file, made from its content: {@code sha256:<hex>}, or {@code weak:<md5 of
 * name|size|mtime>} for a file too large to hash.
 */
public record AssetId(String value) {

    private static final String STRONG = "sha256:";
    private static final int STRONG_DIGITS = 64;
    private static final String WEAK = "weak:";
    private static final int WEAK_DIGITS = 32;

    public AssetId {
        if (!valid(value)) {
            throw new IllegalArgumentException("not an asset id: " + value);
        }
    }

    /** Empty if the text is no asset id. */
    public static Optional<AssetId> parse(String value) {
        return valid(value) ? Optional.of(new AssetId(value)) : Optional.empty();
    }

    /** Without a pattern: every row that is read has an id. */
    private static boolean valid(String value) {
        return digits(value, STRONG, STRONG_DIGITS) || digits(value, WEAK, WEAK_DIGITS);
    }

    private static boolean digits(String value, String prefix, int count) {
        if (value.length() != prefix.length() + count || !value.startsWith(prefix)) {
            return false;
        }
        for (int i = prefix.length(); i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** Whether the id stands for every byte of the file. */
    public boolean strong() {
        return value.startsWith(STRONG);
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
