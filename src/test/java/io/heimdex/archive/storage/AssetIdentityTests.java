package io.heimdex.archive.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.Checksum.Algorithm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssetIdentityTests {

    /** The check value of every CRC: the digits one to nine. */
    private static final StandInMedia DIGITS = StandInMedia.of("123456789");

    private static final String DIGITS_SHA256 =
            "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225";
    private static final String DIGITS_CRC32C = "e3069283";

    @Test
    void aFileIsItsContentUpToTheLimit() {
        AssetId id = AssetIdentity.of(DIGITS, "digits.mp4", 9L, null);

        assertThat(id).hasToString("sha256:" + DIGITS_SHA256);
    }

    @Test
    void aFileAboveTheLimitIsItsNameSizeAndTime() {
        AssetId id = AssetIdentity.of(DIGITS, "digits.mp4", 8L, null);

        // printf 'digits.mp4|9|1700000000' | md5sum
        assertThat(id).hasToString("weak:8c20e26ef6b4845caed89b15067815b8");
    }

    @Test
    void aWeakIdNeedsNoByteOfTheFile() {
        AssetId id = AssetIdentity.of(DIGITS.unreadable(), "digits.mp4", 8L, null);

        assertThat(id.strong()).isFalse();
    }

    @Test
    void withoutALimitEveryFileIsItsContent() {
        AssetId id = AssetIdentity.of(DIGITS, "digits.mp4", null, null);

        assertThat(id).hasToString("sha256:" + DIGITS_SHA256);
    }

    @Test
    void aStrongIdDoesNotMindTheName() {
        assertThat(AssetIdentity.of(DIGITS, "a", null, null))
                .isEqualTo(AssetIdentity.of(DIGITS, "b", null, null));
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 9})
    void theDeclaredChecksumMayBeEither(long limit) {
        Checksum sha256 = new Checksum(Algorithm.SHA256, DIGITS_SHA256);
        Checksum crc32c = new Checksum(Algorithm.CRC32C, DIGITS_CRC32C);

        assertThat(AssetIdentity.of(DIGITS, "digits.mp4", limit, sha256))
                .isEqualTo(AssetIdentity.of(DIGITS, "digits.mp4", limit, crc32c))
                .isEqualTo(AssetIdentity.of(DIGITS, "digits.mp4", limit, null));
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 9})
    void anotherChecksumThanTheDeclaredOneIsRefused(long limit) {
        Checksum sha256 = new Checksum(Algorithm.SHA256, "0".repeat(64));
        Checksum crc32c = new Checksum(Algorithm.CRC32C, "00000000");

        assertFails(
                ErrorCode.CHECKSUM_MISMATCH,
                () -> AssetIdentity.of(DIGITS, "digits.mp4", limit, sha256));
        assertFails(
                ErrorCode.CHECKSUM_MISMATCH,
                () -> AssetIdentity.of(DIGITS, "digits.mp4", limit, crc32c));
    }

    @Test
    void aFileThatChangedMeanwhileHasNoIdentity() {
        assertFails(
                ErrorCode.SOURCE_CHANGED,
                () -> AssetIdentity.of(DIGITS.changed(), "digits.mp4", null, null));
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 10})
    void aFileOfAnotherLengthThanItsSizeHasNoIdentity(long size) {
        assertFails(
                ErrorCode.SOURCE_CHANGED,
                () -> AssetIdentity.of(DIGITS.ofSize(size), "digits.mp4", null, null));
    }

    @Test
    void aFileThatCannotBeReadIsAFaultThatMayPass() {
        assertFails(
                ErrorCode.STORAGE_UNAVAILABLE,
                () -> AssetIdentity.of(DIGITS.unreadable(), "digits.mp4", null, null));
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    /** A stand-in for an open file, in memory. */
    private record StandInMedia(String content, long size, boolean unchanged, boolean readable)
            implements OpenedMedia {

        static StandInMedia of(String content) {
            return new StandInMedia(content, content.length(), true, true);
        }

        StandInMedia changed() {
            return new StandInMedia(content, size, false, readable);
        }

        StandInMedia ofSize(long other) {
            return new StandInMedia(content, other, unchanged, readable);
        }

        StandInMedia unreadable() {
            return new StandInMedia(content, size, unchanged, false);
        }

        @Override
        public SourceUri uri() {
            return SourceUri.parse("file:///stand-in");
        }

        @Override
        public Instant modifiedAt() {
            return Instant.ofEpochSecond(1_700_000_000, 999_999_999);
        }

        @Override
        public String fingerprint() {
            return "stand-in";
        }

        @Override
        public InputStream newInputStream() throws IOException {
            if (!readable) {
                throw new IOException("stand-in for a disk that fails");
            }
            return new ByteArrayInputStream(content.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public Optional<Path> descriptor() {
            throw new UnsupportedOperationException("a stand-in has no descriptor");
        }

        @Override
        public byte[] read(long position, int length) {
            throw new UnsupportedOperationException("nobody reads the stand-in");
        }

        @Override
        public void close() {
            // Holds nothing open.
        }
    }
}
