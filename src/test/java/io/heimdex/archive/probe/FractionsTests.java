package io.heimdex.archive.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class FractionsTests {

    @ParameterizedTest
    @CsvSource({
        "25/1,        25",
        "30000/1001,  29.97002997",
        "24000/1001,  23.976023976",
        "1/2,         0.5",
        "90000/1,     90000"
    })
    void fractionsAreDivided(String text, double value) {
        assertThat(Fractions.parse(text, '/'))
                .get(InstanceOfAssertFactories.DOUBLE)
                .isCloseTo(value, within(1e-8));
    }

    @Test
    void theSeparatorIsTheCallersChoice() {
        assertThat(Fractions.parse("4:2", ':')).hasValue(2.0);
        assertThat(Fractions.parse("4:2", '/')).isEmpty();
        assertThat(Fractions.parse("4/2", ':')).isEmpty();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "0/0",
                "0/1",
                "1/0",
                "-1/0",
                "-25/1",
                "25/-1",
                "25",
                "/",
                "25/",
                "/1",
                "25/1/1",
                "a/b",
                "2.5/1",
                " 25/1",
                "99999999999999999999/1",
                "N/A"
            })
    void whatHasNoValueAboveZeroIsAbsent(@Nullable String text) {
        assertThat(Fractions.parse(text, '/')).isEmpty();
    }
}
