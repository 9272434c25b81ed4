package io.heimdex.archive.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTests {

    @Test
    void anIdIsReadAsItIsWritten() {
        JobId id = JobId.random();

        assertThat(JobId.parse(id.toString())).hasValue(id);
        assertThat(JobId.parse("0f8fad5b-d9cb-469f-a165-70867728950e"))
                .hasValue(new JobId(UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1-1-1-1-1",
                "f8fad5b-d9cb-469f-a165-70867728950e",
                "0f8fad5b-d9cb-469f-a165-0867728950e",
                "0000f8fad5b-d9cb-469f-a165-70867728950e"
            })
    void shortenedAndPaddedFormsAreRefused(String text) {
        assertThat(JobId.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0F8FAD5B-D9CB-469F-A165-70867728950E",
                "0f8fad5b-d9cb-469f-a165-70867728950E"
            })
    void upperCaseIsRefused(String text) {
        assertThat(JobId.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "job",
                "0f8fad5bd9cb469fa16570867728950e",
                "{0f8fad5b-d9cb-469f-a165-70867728950e}",
                "0f8fad5b-d9cb-469f-a165-70867728950e ",
                "0f8fad5b-d9cb-469f-a165-70867728950g",
                "0f8fad5b-d9cb-469f-a165-70867728950e-00"
            })
    void otherTextsAreNoId(String text) {
        assertThat(JobId.parse(text)).isEmpty();
    }
}
