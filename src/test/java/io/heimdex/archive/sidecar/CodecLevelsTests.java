package io.heimdex.archive.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecLevelsTests {

    @ParameterizedTest
    @CsvSource({
        "h264, 40, 4",
        "h264, 41, 4.1",
        "h264, 9, 1b",
        "h264, 0,",
        "hevc, 153, 5.1",
        "hevc, 93, 3.1",
        "vp9, 31, 3.1",
        "av1, 0, 2.0",
        "av1, 13, 5.1",
        "av1, 31,",
        "mpeg2video, 8, Main",
        "mpeg2video, 5,",
        "prores, 3,",
        ", 3,",
        "h264,,"
    })
    void aLevelIsNamedAsItsStandardNamesIt(
            @Nullable String codec, @Nullable Long level, @Nullable String name) {
        assertThat(CodecLevels.name(codec, level)).isEqualTo(name);
    }
}
