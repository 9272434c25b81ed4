package io.heimdex.archive.storage;

import io.heimdex.archive.problem.SnakeCase;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * A declared checksum of a file's bytes.
 *
 * @param value lower-case hex: 64 digits of SHA-256, or 8 digits of CRC32C in big-endian order
 */
public record Checksum(Algorithm algorithm, String value) {

    /** The checksums that clients may declare. */
    public enum Algorithm {
        SHA256(64),
        CRC32C(8);

        private final int hexDigits;

        Algorithm(int hexDigits) {
            this.hexDigits = hexDigits;
        }

        /** The name in requests and in the database. */
        public String wireName() {
            return SnakeCase.of(this);
        }

        /** Empty for an algorithm that is not known. */
        public static Optional<Algorithm> parse(String name) {
            return switch (name) {
                case "sha256" -> Optional.of(SHA256);
                case "crc32c" -> Optional.of(CRC32C);
                default -> Optional.empty();
            };
        }
    }

    /**
     * Reads hex, or base64 as Google Cloud Storage writes it. Empty if it is neither, or of the
     * wrong length.
     */
    public static Optional<Checksum> parse(Algorithm algorithm, String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.length() == algorithm.hexDigits
                && lower.chars().allMatch(HexFormat::isHexDigit)) {
            return Optional.of(new Checksum(algorithm, lower));
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return bytes.length * 2 == algorithm.hexDigits
                    ? Optional.of(new Checksum(algorithm, HexFormat.of().formatHex(bytes)))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
