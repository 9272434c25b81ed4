package io.heimdex.archive.ingest;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the URL of one upload. Each upload has a key of its own, so that no node needs to know
 * another's secret.
 */
final class UploadSignature {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    UploadSignature(byte[] key) {
        this.key = key.clone();
    }

    static UploadSignature random() {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return new UploadSignature(key);
    }

    /** The key, to be kept with the upload. */
    byte[] key() {
        return key.clone();
    }

    /** The signature that allows a PUT to the upload until it expires. */
    String sign(UUID upload, Instant expiresAt) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            String text = "PUT\n" + upload + "\n" + expiresAt.getEpochSecond();
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    boolean verify(UUID upload, Instant expiresAt, String signature) {
        return MessageDigest.isEqual(
                sign(upload, expiresAt).getBytes(StandardCharsets.UTF_8),
                signature.getBytes(StandardCharsets.UTF_8));
    }
}
