package io.heimdex.archive.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.storage.Checksum.Algorithm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksumTests {

    /** Of no bytes at all. */
    private static final String SHA256_HEX =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final String SHA256_HEX_UPPER =
            "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855";

    private static final String SHA256_BASE64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    @ParameterizedTest
    @ValueSource(strings = {SHA256_HEX, SHA256_HEX_UPPER, SHA256_BASE64})
    void sha256IsReadFromHexAndBase64(String text) {
        assertThat(Checksum.parse(Algorithm.SHA256, text))
                .hasValue(new Checksum(Algorithm.SHA256, SHA256_HEX));
    }

    @ParameterizedTest
    @CsvSource({
        "e3069283, e3069283",
        "E3069283, e3069283",
        "4waSgw==, e3069283",
        "00000000, 00000000",
        "AAAAAA==, 00000000"
    })
    void crc32cIsReadFromHexAndBase64(String text, String value) {
        assertThat(Checksum.parse(Algorithm.CRC32C, text))
                .hasValue(new Checksum(Algorithm.CRC32C, value));
    }

    @ParameterizedTest
    @CsvSource({
        "SHA256, e3069283",
        "SHA256, 4waSgw==",
        "SHA256, 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==",
        "SHA256, 47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
        "SHA256, " + SHA256_HEX + "00",
        "SHA256, " + SHA256_HEX + " 0",
        "CRC32C, " + SHA256_HEX,
        "CRC32C, e306928",
        "CRC32C, e30692830",
        "CRC32C, e306928g",
        "CRC32C, 0xe3069283",
        "CRC32C, 4waS",
        "CRC32C, 4waSgwA=",
        "CRC32C, ====",
        "CRC32C, ''"
    })
    void otherTextsAreNoChecksum(Algorithm algorithm, String text) {
        assertThat(Checksum.parse(algorithm, text)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void algorithmsAreReadAsTheyAreWritten(Algorithm algorithm) {
        assertThat(Algorithm.parse(algorithm.wireName())).hasValue(algorithm);
    }

    @Test
    void algorithmsHaveTheNamesOfTheContract() {
        assertThat(Algorithm.parse("sha256")).hasValue(Algorithm.SHA256);
        assertThat(Algorithm.parse("crc32c")).hasValue(Algorithm.CRC32C);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "md5", "SHA256", "sha-256", "crc32"})
    void otherAlgorithmsAreUnknown(String name) {
        assertThat(Algorithm.parse(name)).isEmpty();
    }
}
