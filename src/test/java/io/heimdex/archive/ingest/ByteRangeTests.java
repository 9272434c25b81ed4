package io.heimdex.archive.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTests {

    @ParameterizedTest
    @CsvSource({
        "bytes 0-0/1,                              0, 0, 1, 1",
        "bytes 0-99/100,                           0, 99, 100, 100",
        "bytes 50-99/200,                          50, 99, 200, 50",
        "bytes 0-999999999999999998/999999999999999999, 0, 999999999999999998, 999999999999999999, 999999999999999999"
    })
    void aRangeOfKnownTotalIsRead(String header, long first, long last, long total, long length) {
        assertThat(ByteRange.parse(header))
                .hasValueSatisfying(range -> {
                    assertThat(range).isEqualTo(new ByteRange(first, last, total));
                    assertThat(range.length()).isEqualTo(length);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes 0-99",
                "bytes 0-99/*",
                "bytes */100",
                "bytes -99/100",
                "bytes 0-/100",
                "bytes=0-99/100",
                "items 0-99/100",
                "bytes -1-99/100",
                "bytes +0-99/100",
                "bytes 0-99/100 ",
                "bytes 0-99/100, 100-199/200",
                "bytes 0x0-0x9/10",
                "bytes ٠-٩/١٠",
                "bytes 0-9/9999999999999999999"
            })
    void otherHeadersAreNoRange(String header) {
        assertThat(ByteRange.parse(header)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes 1-0/2", "bytes 0-100/100", "bytes 0-0/0", "bytes 100-100/100"})
    void rangesThatDoNotFitTheirFileAreRefused(String header) {
        assertThat(ByteRange.parse(header)).isEmpty();
    }
}
