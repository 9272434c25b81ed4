package io.heimdex.archive.probe.ffprobe;

import com.github.kokorin.jaffree.ffprobe.data.AbstractProbeData;
import com.github.kokorin.jaffree.ffprobe.data.FormatParser;
import com.github.kokorin.jaffree.ffprobe.data.ProbeData;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * ffprobe's answer under Jaffree's model, read by a parser that bounds depth and sizes, and that
 * can list all tags.
 */
final class JacksonProbeData extends AbstractProbeData {

    /** Each of them costs some fifty bytes; 256 streams and 5,000 chapters have 180,000. */
    private static final long MAX_TOKENS = 500_000;

    private static final JsonMapper JSON =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(32)
                                                    .maxStringLength(1 << 20)
                                                    .maxNumberLength(64)
                                                    .maxTokenCount(MAX_TOKENS)
                                                    .build())
                                    .build())
                    .build();

    private final JsonNode node;

    private JacksonProbeData(JsonNode node) {
        this.node = node;
    }

    /** The tags below a part of the answer, by name. */
    static Map<String, String> tags(ProbeData data) {
        Map<String, String> tags = new LinkedHashMap<>();
        if (data instanceof JacksonProbeData jackson) {
            jackson.node
                    .path("tags")
                    .properties()
                    .forEach(tag ->
                            tags.put(
                                    withoutNul(tag.getKey()),
                                    withoutNul(tag.getValue().asString(""))));
        }
        return tags;
    }

    /** The names of the values in this part. */
    List<String> names() {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }

    /** PostgreSQL's JSON holds no NUL, and no medium has a use for one. */
    private static String withoutNul(String text) {
        return text.replace("\0", "");
    }

    @Override
    public @Nullable Object getValue(String name) {
        JsonNode value = node.path(name);
        return value.isValueNode() && !value.isNull() ? withoutNul(value.asString()) : null;
    }

    @Override
    public @Nullable List<ProbeData> getSubDataList(String name) {
        JsonNode list = node.path(name);
        return list.isArray()
                ? list.valueStream().<ProbeData>map(JacksonProbeData::new).toList()
                : null;
    }

    @Override
    public @Nullable ProbeData getSubData(String name) {
        JsonNode part = node.path(name);
        return part.isObject() ? new JacksonProbeData(part) : null;
    }

    /** Reads ffprobe's JSON. */
    static final class Parser implements FormatParser {

        @Override
        public String getFormatName() {
            return "json=compact=1";
        }

        @Override
        public ProbeData parse(InputStream in) {
            return new JacksonProbeData(JSON.readTree(in));
        }
    }
}
