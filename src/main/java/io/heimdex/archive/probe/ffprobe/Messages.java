package io.heimdex.archive.probe.ffprobe;

import java.util.List;

/**
 * What ffprobe wrote to its error stream, without the loader's remarks about stand-in libraries.
 */
record Messages(List<String> lines) {

    static Messages of(String stderr) {
        return new Messages(
                stderr.lines()
                        .filter(line ->
                                !line.isBlank()
                                        && !line.contains("no version information available"))
                        .toList());
    }

    boolean outOfMemory() {
        return mentions("Cannot allocate memory");
    }

    boolean formatRefused() {
        return mentions("not on whitelist");
    }

    /**
     * The warning codes that a sidecar carries. ffprobe's own words stay out: they name addresses
     * and descriptors.
     */
    List<String> warnings() {
        return lines.isEmpty() ? List.of() : List.of("media_errors_reported");
    }

    private boolean mentions(String words) {
        return lines.stream().anyMatch(line -> line.contains(words));
    }
}
