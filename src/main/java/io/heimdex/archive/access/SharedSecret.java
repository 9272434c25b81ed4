package io.heimdex.archive.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret of the HS algorithms: the configured one, or in the local profile one that is made
 * once and kept.
 */
final class SharedSecret {

    private static final int MIN_BYTES = 32;
    private static final Set<String> KNOWN_DEFAULTS =
            Set.of(
                    "change-me",
                    "changeme",
                    "secret",
                    "dev-secret",
                    "insecure-dev-secret",
                    "your-secret-key");

    private SharedSecret() {}

    /**
     * The key to sign and verify with.
     *
     * @throws IllegalStateException if none is configured outside the local profile, or one that
     *     anybody could guess
     */
    static SecretKey key(AccessSettings settings, String environment) {
        String secret = settings.jwtSecret();
        if (secret == null) {
            if (!settings.devTokens()) {
                throw new IllegalStateException(
                        "HEIMDEX_JWT_SECRET is not set; environment '"
                                + environment
                                + "' needs it, or HEIMDEX_JWT_ALGORITHM=RS256 with HEIMDEX_JWT_ISSUER");
            }
            secret = generated(settings.dataDir().resolve("jwt-secret"));
        }
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (KNOWN_DEFAULTS.contains(secret) || bytes.length < MIN_BYTES) {
            throw new IllegalStateException(
                    "HEIMDEX_JWT_SECRET is a default or shorter than "
                            + MIN_BYTES
                            + " bytes; environment '"
                            + environment
                            + "' does not start with it");
        }
        return new SecretKeySpec(bytes, settings.jwtAlgorithm().replace("HS", "HmacSHA"));
    }

    private static String generated(Path file) {
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[MIN_BYTES];
                new SecureRandom().nextBytes(random);
                Files.createDirectories(file.toAbsolutePath().getParent());
                Path fresh =
                        Files.createTempFile(
                                file.toAbsolutePath().getParent(),
                                "jwt-secret",
                                null,
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rw-------")));
                Files.writeString(fresh, Base64.getEncoder().encodeToString(random));
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the generated JWT secret cannot be kept in the data folder", e);
        }
    }
}
