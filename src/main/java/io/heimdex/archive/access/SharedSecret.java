package io.heimdex.archive.access;

import io.heimdex.archive.problem.CannotStartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret of the HS algorithms: the configured one, or in the local profile one that is made
 * once and kept.
 */
final class SharedSecret {

    private static final int GENERATED_BYTES = 64;
    private static final List<String> PLACEHOLDERS =
            List.of(
                    "changeme",
                    "changethis",
                    "replaceme",
                    "yoursecret",
                    "devsecret",
                    "defaultsecret",
                    "insecure");

    private SharedSecret() {}

    /**
     * The key to sign and verify with.
     *
     * @throws CannotStartException if none is configured outside the local profile, or one that
     *     anybody could guess
     */
    static SecretKey key(AccessSettings settings, String environment) {
        String secret = settings.jwtSecret();
        if (secret == null) {
            if (!settings.devTokens()) {
                throw new CannotStartException(
                        "HEIMDEX_JWT_SECRET is not set; environment '"
                                + environment
                                + "' needs it, or HEIMDEX_JWT_ALGORITHM=RS256 with HEIMDEX_JWT_ISSUER");
            }
            secret = generated(settings.dataDir().resolve("jwt-secret"));
        }
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < settings.minSecretBytes() || isPlaceholder(secret)) {
            throw new CannotStartException(
                    "HEIMDEX_JWT_SECRET is a default or guessable: it is a placeholder, or has fewer than the "
                            + settings.minSecretBytes()
                            + " bytes of its algorithm; environment '"
                            + environment
                            + "' does not start with it");
        }
        return new SecretKeySpec(bytes, settings.jwtAlgorithm().replace("HS", "HmacSHA"));
    }

    /** What example settings say, however often it is repeated to make it long enough. */
    private static boolean isPlaceholder(String secret) {
        String plain = secret.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        return PLACEHOLDERS.stream().anyMatch(plain::contains);
    }

    private static String generated(Path file) {
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[GENERATED_BYTES];
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
                // Unlike a move, a link does not replace what another process was faster to make.
                try {
                    Files.createLink(file, fresh);
                } catch (FileAlreadyExistsException _) {
                    // Its secret is the one.
                } finally {
                    Files.delete(fresh);
                }
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the generated JWT secret cannot be kept in the data folder", e);
        }
    }
}
