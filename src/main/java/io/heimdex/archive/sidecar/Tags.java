package io.heimdex.archive.sidecar;

import java.util.Map;
import java.util.Optional;

/** Tags as files write them: each container has its own case for the same names. */
final class Tags {

    private Tags() {}

    /** The tag's text if it has any. */
    static Optional<String> find(Map<String, String> tags, String name) {
        String exact = tags.get(name);
        return (exact != null
                        ? Optional.of(exact)
                        : tags.entrySet().stream()
                                .filter(tag -> tag.getKey().equalsIgnoreCase(name))
                                .map(Map.Entry::getValue)
                                .findFirst())
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }

    /** The language, unless it is said to be unknown. */
    static Optional<String> language(Map<String, String> tags) {
        return find(tags, "language").filter(language -> !language.equalsIgnoreCase("und"));
    }
}
