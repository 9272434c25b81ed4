package io.heimdex.archive.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadSignatureTests {

    private static final UUID UPLOAD = UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e");
    private static final Instant EXPIRES_AT = Instant.parse("2025-01-02T03:04:05Z");

    private final UploadSignature signature = new UploadSignature(new byte[32]);

    @Test
    void whatTheKeySignedItAccepts() {
        String signed = signature.sign(UPLOAD, EXPIRES_AT);

        assertThat(signature.verify(UPLOAD, EXPIRES_AT, signed)).isTrue();
        assertThat(new UploadSignature(signature.key()).verify(UPLOAD, EXPIRES_AT, signed))
                .isTrue();
    }

    @Test
    void theSignatureIsAnHmacOfMethodIdAndExpiry() {
        // printf 'PUT\n0f8fad5b-…\n1735787045' | openssl dgst -sha256 -mac HMAC -macopt hexkey:00…
        assertThat(signature.sign(UPLOAD, EXPIRES_AT))
                .isEqualTo("b0c50a883aace9b7027e2d4c8eca52a59edf844358321eb7c825c75e759c3eb6");
    }

    @Test
    void anotherUploadIsRefused() {
        String signed = signature.sign(UPLOAD, EXPIRES_AT);
        UUID other = UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950f");

        assertThat(signature.verify(other, EXPIRES_AT, signed)).isFalse();
    }

    @Test
    void aLaterExpiryIsRefused() {
        String signed = signature.sign(UPLOAD, EXPIRES_AT);

        assertThat(signature.verify(UPLOAD, EXPIRES_AT.plusSeconds(1), signed)).isFalse();
    }

    @Test
    void anotherKeyIsRefused() {
        UploadSignature one = UploadSignature.random();
        UploadSignature other = UploadSignature.random();

        assertThat(other.verify(UPLOAD, EXPIRES_AT, one.sign(UPLOAD, EXPIRES_AT))).isFalse();
        assertThat(one.key()).hasSize(32).isNotEqualTo(other.key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "ä", "null"})
    void otherTextsAreNoSignature(String text) {
        assertThat(signature.verify(UPLOAD, EXPIRES_AT, text)).isFalse();
    }

    @Test
    void aChangedSignatureIsRefused() {
        String signed = signature.sign(UPLOAD, EXPIRES_AT);
        String flipped = (signed.charAt(0) == '0' ? "1" : "0") + signed.substring(1);

        assertThat(signature.verify(UPLOAD, EXPIRES_AT, flipped)).isFalse();
        assertThat(signature.verify(UPLOAD, EXPIRES_AT, signed + "0")).isFalse();
        assertThat(signature.verify(UPLOAD, EXPIRES_AT, signed.substring(1))).isFalse();
        assertThat(signature.verify(UPLOAD, EXPIRES_AT, signed.toUpperCase(Locale.ROOT))).isFalse();
    }

    @Test
    void theKeyCannotBeChangedFromOutside() {
        byte[] key = new byte[32];
        UploadSignature copied = new UploadSignature(key);
        key[0] = 1;
        copied.key()[0] = 1;

        assertThat(copied.sign(UPLOAD, EXPIRES_AT)).isEqualTo(signature.sign(UPLOAD, EXPIRES_AT));
    }
}
