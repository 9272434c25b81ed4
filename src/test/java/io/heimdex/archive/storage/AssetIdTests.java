package io.heimdex.archive.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssetIdTests {

    private static final String HEX_32 = "0123456789abcdef0123456789abcdef";
    private static final String HEX_64 = HEX_32 + HEX_32;

    @Test
    void aStrongIdTellsItsHash() {
        AssetId id = new AssetId("sha256:" + HEX_64);

        assertThat(id.strong()).isTrue();
        assertThat(id.hashAlgorithm()).isEqualTo("sha256");
        assertThat(id.hash()).isEqualTo(HEX_64);
        assertThat(id).hasToString("sha256:" + HEX_64);
    }

    @Test
    void aWeakIdTellsItsHash() {
        AssetId id = new AssetId("weak:" + HEX_32);

        assertThat(id.strong()).isFalse();
        assertThat(id.hashAlgorithm()).isEqualTo("md5");
        assertThat(id.hash()).isEqualTo(HEX_32);
        assertThat(id).hasToString("weak:" + HEX_32);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256:" + HEX_64, "weak:" + HEX_32})
    void idsAreReadAsTheyAreWritten(String text) {
        assertThat(AssetId.parse(text)).hasValue(new AssetId(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                HEX_64,
                "sha256:",
                "sha256:" + HEX_32,
                "sha256:" + HEX_64 + "0",
                "SHA256:" + HEX_64,
                "sha256:" + HEX_32 + "ABCDEFABCDEFABCDEFABCDEFABCDEFAB",
                "sha256:" + HEX_32 + "gggggggggggggggggggggggggggggggg",
                "sha256:" + HEX_64 + "\n",
                " sha256:" + HEX_64,
                "weak:" + HEX_64,
                "md5:" + HEX_32,
                "weak:../../../../../../../../etc/passw",
                "weak:" + HEX_32 + "/.."
            })
    void anythingElseIsNoId(String text) {
        assertThat(AssetId.parse(text)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new AssetId(text));
    }
}
