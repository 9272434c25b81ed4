package io.heimdex.archive.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ffmpeg.TestFfmpeg;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PixelFormatsTests {

    /** By the binary logarithms of how many luma samples share one of colour. */
    private static final Map<String, String> SUBSAMPLING =
            Map.of(
                    "0/0", "4:4:4", "1/0", "4:2:2", "1/1", "4:2:0", "2/0", "4:1:1", "2/2", "4:1:0",
                    "0/1", "4:4:0");

    @ParameterizedTest
    @CsvSource({
        "yuv420p, 8, 4:2:0",
        "yuvj422p, 8, 4:2:2",
        "yuv422p10le, 10, 4:2:2",
        "yuva444p12be, 12, 4:4:4",
        "p010le, 10, 4:2:0",
        "gray12le, 12, 4:0:0",
        "gbrp10le, 10,",
        "rgb48be, 16,",
        "pal8, 8,",
        "something,,",
        ",,"
    })
    void theNameTellsBitsAndSubsampling(String format, Integer bits, String subsampling) {
        assertThat(PixelFormats.bitDepth(format)).isEqualTo(Optional.ofNullable(bits));
        assertThat(PixelFormats.chromaSubsampling(format))
                .isEqualTo(Optional.ofNullable(subsampling));
    }

    @Test
    void nothingSaysAnythingElseThanFfprobeOfItsOwnFormats() throws IOException {
        String said =
                TestFfmpeg.install(Path.of("target/test-tools"))
                        .ffprobe("-v", "error", "-show_pixel_formats", "-of", "json");
        // The loader may warn about a desktop's library before.
        JsonNode formats =
                new JsonMapper().readTree(said.substring(said.indexOf('{'))).path("pixel_formats");
        assertThat(formats).hasSizeGreaterThan(200);
        List<String> wrong = new ArrayList<>();
        for (JsonNode format : formats) {
            String name = format.path("name").asString();
            int bits = format.at("/components/0/bit_depth").asInt();
            PixelFormats.bitDepth(name)
                    .filter(told -> told != bits)
                    .ifPresent(told -> wrong.add(name + " has " + bits + " bits and not " + told));
            String chroma = chroma(format);
            PixelFormats.chromaSubsampling(name)
                    .filter(told -> !told.equals(chroma))
                    .ifPresent(told -> wrong.add(name + " is " + chroma + " and not " + told));
        }
        assertThat(wrong).isEmpty();
    }

    private static String chroma(JsonNode format) {
        boolean gray = format.path("nb_components").asInt() < 3;
        boolean rgb = format.at("/flags/rgb").asInt() == 1;
        String shares =
                format.path("log2_chroma_w").asInt() + "/" + format.path("log2_chroma_h").asInt();
        return rgb ? "none" : gray ? "4:0:0" : SUBSAMPLING.getOrDefault(shares, shares);
    }
}
