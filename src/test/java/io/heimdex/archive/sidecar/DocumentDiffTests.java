package io.heimdex.archive.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.sidecar.SidecarChanges.Change;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DocumentDiffTests {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void onlyWhatDiffersIsTold() {
        assertThat(diff("{\"a\":1,\"b\":{\"c\":[1,2]}}", "{\"a\":1,\"b\":{\"c\":[1,3]}}"))
                .containsExactly("/b/c/1: 2 -> 3");
    }

    @Test
    void theOrderOfKeysAndTheTimeOfTheProbeAreNoDifference() {
        assertThat(
                        diff(
                                "{\"a\":1.0,\"b\":null,\"provenance\":{\"ingested_at\":\"x\"}}",
                                "{\"provenance\":{\"ingested_at\":\"y\"},\"b\":null,\"a\":1.0}"))
                .isEmpty();
    }

    @Test
    void whatCameAndWhatWentIsTold() {
        assertThat(diff("{\"a\":[1,2],\"old/x\":{}}", "{\"a\":[1],\"new~\":{\"b\":true}}"))
                .containsExactly(
                        "/new~0/b: null -> true", "/a/1: 2 -> null", "/old~1x: {} -> null");
    }

    @Test
    void aValueThatBecomesAnObjectIsBoth() {
        assertThat(diff("{\"video\":null}", "{\"video\":{\"codec\":\"h264\"}}"))
                .containsExactly("/video/codec: null -> \"h264\"", "/video: null -> null");
    }

    @Test
    void longValuesAreCutAndManyChangesToo() {
        List<Change> changes =
                DocumentDiff.of(
                        JSON.readTree("{}"),
                        JSON.readTree("{\"a\":\"" + "x".repeat(600) + "\",\"b\":1,\"c\":2}"),
                        2);

        assertThat(changes).hasSize(2);
        assertThat(changes.getFirst().after()).hasToString("\"" + "x".repeat(500) + "…\"");
    }

    @Test
    void noCharacterIsCutInTwo() {
        String text = "x".repeat(499) + "\uD834\uDD1E".repeat(2);

        List<Change> changes =
                DocumentDiff.of(JSON.readTree("{}"), JSON.createObjectNode().put("a", text), 1);

        assertThat(changes.getFirst().after())
                .hasToString("\"" + "x".repeat(499) + "\uD834\uDD1E…\"");
    }

    private static List<String> diff(String before, String after) {
        return DocumentDiff.of(JSON.readTree(before), JSON.readTree(after), 100).stream()
                .map(change -> change.path() + ": " + change.before() + " -> " + change.after())
                .toList();
    }
}
