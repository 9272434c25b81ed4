package io.heimdex.archive.thumbnail.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JpegsTests {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "FFD8FF01FFD9, FFD8FF01FFD9",
        "FFD8FF01FFD9FFD8FF02FF00FFD9, FFD8FF01FFD9 FFD8FF02FF00FFD9",
        "00FFD8FF01FFD900, FFD8FF01FFD9",
        "FFD8FF01, ''",
        "FFD8FF01FFD9FFD8FF, FFD8FF01FFD9",
        "FFD9FFD8FF01FFD9, FFD8FF01FFD9"
    })
    void completePicturesAreFound(String bytes, String pictures) {
        List<String> found =
                Jpegs.split(ByteBuffer.wrap(HexFormat.of().parseHex(bytes))).stream()
                        .map(JpegsTests::hex)
                        .toList();

        assertThat(String.join(" ", found)).isEqualTo(pictures);
    }

    private static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HexFormat.of().withUpperCase().formatHex(bytes);
    }
}
