package io.heimdex.archive.sidecar;

import io.heimdex.archive.sidecar.SidecarChanges.Change;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** The single values in which two documents differ. */
final class DocumentDiff {

    /** Every probe has a time of its own. */
    private static final String TIME = "/provenance/ingested_at";

    /** Characters of a value that are told. */
    private static final int MAX_TEXT = 500;

    private DocumentDiff() {}

    /**
     * Compares two documents.
     *
     * @param limit how many changes are told at most
     */
    static List<Change> of(JsonNode before, JsonNode after, int limit) {
        Map<String, JsonNode> old = values(before);
        Map<String, JsonNode> now = values(after);
        Set<String> paths = new LinkedHashSet<>(now.keySet());
        paths.addAll(old.keySet());
        return paths.stream()
                .filter(path -> !Objects.equals(old.get(path), now.get(path)))
                .limit(limit)
                .map(path -> new Change(path, cut(old.get(path)), cut(now.get(path))))
                .toList();
    }

    private static Map<String, JsonNode> values(JsonNode document) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        collect(JsonPointer.empty(), document, values);
        values.remove(TIME);
        return values;
    }

    private static void collect(JsonPointer path, JsonNode node, Map<String, JsonNode> values) {
        if (node.isEmpty()) {
            values.put(path.toString(), node);
        } else if (node.isObject()) {
            node.properties()
                    .forEach(property ->
                            collect(
                                    path.appendProperty(property.getKey()),
                                    property.getValue(),
                                    values));
        } else {
            for (int i = 0; i < node.size(); i++) {
                collect(path.appendIndex(i), node.get(i), values);
            }
        }
    }

    private static @Nullable JsonNode cut(@Nullable JsonNode value) {
        if (value == null || !value.isString()) {
            return value;
        }
        String text = value.asString();
        return text.codePointCount(0, text.length()) <= MAX_TEXT
                ? value
                : StringNode.valueOf(text.substring(0, text.offsetByCodePoints(0, MAX_TEXT)) + "…");
    }
}
