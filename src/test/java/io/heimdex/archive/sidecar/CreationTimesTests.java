package io.heimdex.archive.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreationTimesTests {

    @ParameterizedTest
    @CsvSource({
        "2024-03-01T12:00:00Z,             2024-03-01T12:00:00Z",
        "2024-03-01T12:00:00.000000Z,      2024-03-01T12:00:00Z",
        "2024-03-01T12:00:00.5Z,           2024-03-01T12:00:00.5Z",
        "2024-03-01T12:00:00.25+0200,      2024-03-01T10:00:00.25Z",
        "2024-03-01T12:00:00.123Z,         2024-03-01T12:00:00.123Z",
        "2024-03-01T12:00:00.123456Z,      2024-03-01T12:00:00.123456Z",
        "2024-03-01T12:00:00.123456789Z,   2024-03-01T12:00:00.123456789Z",
        "2024-03-01T12:00:00+0200,         2024-03-01T10:00:00Z",
        "2024-03-01T12:00:00+02:00,        2024-03-01T10:00:00Z",
        "2024-03-01T12:00:00-0730,         2024-03-01T19:30:00Z",
        "2024-03-01T12:00:00.500000+0200,  2024-03-01T10:00:00.5Z",
        "2024-03-01T12:00:00,              2024-03-01T12:00:00Z",
        "2024-03-01 12:00:00,              2024-03-01T12:00:00Z",
        "2024-03-01T12:00,                 2024-03-01T12:00:00Z",
        "2024-03-01T12:00Z,                2024-03-01T12:00:00Z",
        "2024-03-01,                       2024-03-01T00:00:00Z",
        "' 2024-03-01 ',                   2024-03-01T00:00:00Z",
        "2024-02-29,                       2024-02-29T00:00:00Z"
    })
    void aMomentIsReadWithAndWithoutAnOffset(String text, Instant moment) {
        assertThat(CreationTimes.earliest(Stream.of(Map.of("creation_time", text))))
                .hasValue(moment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "2024",
                "2024-03",
                "20240301",
                "yesterday",
                "N/A",
                "0000-00-00",
                "0000-00-00T00:00:00Z",
                "2024-13-01",
                "2024-01-32",
                "2023-02-29",
                "2024-02-30",
                "2024-04-31",
                "-0001-01-01",
                "+2024-01-01",
                "+999999999-12-31T00:00:00Z",
                "2024-03-01T25:00:00Z",
                "2024-03-01T12:61:00Z",
                "2024-03-01T12:00:00+99:00",
                "2024-03-01T12:00:00Z later",
                "01/03/2024",
                "1709294400"
            })
    void aBareYearAndNonsenseAreNoMoment(String text) {
        assertThat(CreationTimes.earliest(Stream.of(Map.of("date", text)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.apple.quicktime.creationdate", "creation_time", "date"})
    void eachOfTheThreeTagsCounts(String tag) {
        assertThat(CreationTimes.earliest(Stream.of(Map.of(tag, "2024-03-01T12:00:00Z"))))
                .hasValue(Instant.parse("2024-03-01T12:00:00Z"));
    }

    @Test
    void otherTagsDoNotCount() {
        assertThat(
                        CreationTimes.earliest(
                                Stream.of(
                                        Map.of(
                                                "modification_date", "2024-03-01T12:00:00Z",
                                                "title", "2024-03-01"))))
                .isEmpty();
    }

    @Test
    void theEarliestMomentWinsWhereverItStands() {
        assertThat(
                        CreationTimes.earliest(
                                Stream.of(
                                        Map.of(
                                                "creation_time", "2024-03-01T12:00:00Z",
                                                "date", "1999"),
                                        Map.of(),
                                        Map.of(
                                                "date",
                                                "2024-03-02",
                                                "com.apple.quicktime.creationdate",
                                                "2024-03-01T13:30:00+0200"))))
                .hasValue(Instant.parse("2024-03-01T11:30:00Z"));
    }

    @Test
    void noTagsMeanNoMoment() {
        assertThat(CreationTimes.earliest(Stream.of())).isEmpty();
    }
}
