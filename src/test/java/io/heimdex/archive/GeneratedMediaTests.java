package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** What is told about a file of every kind that matters, against what was asked of ffmpeg. */
@ServiceTest
class GeneratedMediaTests {

    private static final GeneratedMedia MEDIA = GeneratedMedia.load();
    private static final double EXACT = 1e-9;

    @Autowired TestApi api;

    static Stream<GeneratedMedia.Case> cases() {
        return MEDIA.cases().stream();
    }

    @Test
    void thereAreEnoughKinds() {
        assertThat(MEDIA.cases()).hasSizeGreaterThan(60);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSidecarSaysWhatTheFileIs(GeneratedMedia.Case one) throws IOException {
        JsonNode sidecar = sidecar(one.file());

        List<String> wrong = new ArrayList<>();
        one.expect()
                .forEach((pointer, value) -> {
                    if (!same(sidecar.at(pointer), value)) {
                        wrong.add(pointer + " is " + sidecar.at(pointer) + " and not " + value);
                    }
                });
        assertThat(wrong).as(sidecar.toString()).isEmpty();
    }

    private JsonNode sidecar(String name) throws IOException {
        Path folder =
                Files.createDirectory(
                        FreshTestData.ARCHIVES
                                .resolve("folders")
                                .resolve("generated-" + UUID.randomUUID()));
        Path file = Files.copy(MEDIA.file(name), folder.resolve(name));
        Answer answer =
                api.as("folders")
                        .post(
                                "/v1/ingest/probe",
                                Map.of("source_uri", file.toAbsolutePath().toUri().toString()));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json();
    }

    private static boolean same(JsonNode node, @Nullable Object value) {
        return switch (value) {
            case null -> node.isNull();
            case Map<?, ?> map ->
                    node.isObject()
                            && map.entrySet().stream()
                                    .allMatch(entry ->
                                            same(
                                                    node.path(entry.getKey().toString()),
                                                    entry.getValue()));
            case List<?> list -> {
                boolean all = node.isArray() && node.size() == list.size();
                for (int i = 0; all && i < list.size(); i++) {
                    all = same(node.get(i), list.get(i));
                }
                yield all;
            }
            case Number number ->
                    node.isNumber() && Math.abs(node.doubleValue() - number.doubleValue()) < EXACT;
            case Boolean truth -> node.isBoolean() && node.booleanValue() == truth;
            default -> node.isString() && node.asString().equals(value.toString());
        };
    }
}
