package io.heimdex.archive.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Partitions are of minutes, whatever a file takes, and never more than a thousand. */
class PartitionSizeTests {

    @ParameterizedTest
    @CsvSource({
        "0,           false, 250",
        "1000,        false, 250",
        "64000,       false, 1000",
        "1000000,     false, 5000",
        "100000000,   false, 100000",
        "100,         true,  5",
        "1000,        true,  15",
        "10000,       true,  50",
        "1000000,     true,  1000"
    })
    void isOfMinutes(int assets, boolean deep, int size) {
        assertThat(PlanTasklet.partitionSize(assets, deep)).isEqualTo(size);
    }
}
