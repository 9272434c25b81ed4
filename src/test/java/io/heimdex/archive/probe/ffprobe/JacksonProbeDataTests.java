package io.heimdex.archive.probe.ffprobe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.kokorin.jaffree.ffprobe.data.ProbeData;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JacksonProbeDataTests {

    private static final int MAX_DEPTH = 32;

    @Test
    void valuesAreTheirOwnText() {
        ProbeData data =
                parse("{\"a\": \"x\", \"b\": 3000000000, \"c\": 1.50, \"d\": true, \"e\": \"\"}");

        assertThat(List.of("a", "b", "c", "d", "e"))
                .extracting(data::getValue)
                .containsExactly("x", "3000000000", "1.5", "true", "");
    }

    @Test
    void whatIsNoValueIsAbsent() {
        ProbeData data = parse("{\"a\": null, \"b\": {\"x\": 1}, \"c\": [1]}");

        assertThat(List.of("a", "b", "c", "d"))
                .allSatisfy(name -> assertThat(data.getValue(name)).isNull());
        assertThat(data.getSubData("c")).isNull();
        assertThat(data.getSubData("d")).isNull();
        assertThat(data.getSubDataList("b")).isNull();
        assertThat(data.getSubDataList("d")).isNull();
    }

    @Test
    void partsAreReadBelowTheirNames() {
        ProbeData data = parse("{\"one\": {\"x\": 1}, \"many\": [{\"x\": 2}, {\"x\": 3}]}");

        assertThat(data.getSubData("one"))
                .isNotNull()
                .extracting(part -> part.getValue("x"))
                .isEqualTo("1");
        assertThat(data.getSubDataList("many"))
                .isNotNull()
                .extracting(part -> part.getValue("x"))
                .containsExactly("2", "3");
    }

    @Test
    void tagsKeepTheirOrderAndLoseTheirNuls() {
        ProbeData data =
                parse(
                        "{\"tags\": {\"z\": \"a\\u0000b\", \"y\\u0000\": \"\\u0000\", \"x\": 1, \"w\": {}}}");

        assertThat(JacksonProbeData.tags(data))
                .containsExactly(
                        Map.entry("z", "ab"),
                        Map.entry("y", ""),
                        Map.entry("x", "1"),
                        Map.entry("w", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"tags\": null}", "{\"tags\": [1]}", "{\"tags\": \"a\"}"})
    void whatIsNoObjectHoldsNoTags(String json) {
        assertThat(JacksonProbeData.tags(parse(json))).isEmpty();
    }

    @Test
    void theDepthIsLimited() {
        assertThat(parse(nested(MAX_DEPTH)).getSubData("a")).isNotNull();
        assertUnreadable(nested(MAX_DEPTH + 1));
        assertUnreadable("[".repeat(100_000));
    }

    @Test
    void theLengthOfATextIsLimited() {
        assertThat(parse("{\"a\": \"" + "x".repeat(1 << 20) + "\"}").getValue("a"))
                .asInstanceOf(InstanceOfAssertFactories.STRING)
                .hasSize(1 << 20);
        assertUnreadable("{\"a\": \"" + "x".repeat((1 << 20) + 1) + "\"}");
    }

    @Test
    void theLengthOfANumberIsLimited() {
        assertThat(parse("{\"a\": " + "1".repeat(64) + "}").getValue("a"))
                .isEqualTo("1".repeat(64));
        assertUnreadable("{\"a\": " + "1".repeat(65) + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\": }", "{\"a\": 1", "ffprobe", "{} {}", "{\"a\": \"\0\"}"})
    void whatIsNoJsonCannotBeRead(String json) {
        assertUnreadable(json);
    }

    private static String nested(int depth) {
        return "{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
    }

    private static void assertUnreadable(String json) {
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> parse(json));
    }

    private static ProbeData parse(String json) {
        return new JacksonProbeData.Parser()
                .parse(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
