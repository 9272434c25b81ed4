package io.heimdex.archive.probe.ffprobe;

import io.heimdex.archive.probe.Warning;
import io.heimdex.archive.probe.WarningCode;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What ffprobe wrote to its error stream, without the loader's remarks about stand-in libraries.
 */
record Messages(List<String> lines) {

    private static final int MAX_WARNINGS = 5;
    private static final int MAX_LENGTH = 200;

    /** Of what speaks, as in {@code [mov,mp4 @ 0x55d0c8a2] }; it differs each time. */
    private static final Pattern ADDRESS = Pattern.compile(" @ 0x[0-9a-f]+");

    /** What the input is called, by its descriptor or by a URL of ours. */
    private static final Pattern INPUT = Pattern.compile("http://127\\.0\\.0\\.1:\\S*|\\bfd:");

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

    /** Some formats are read up to the limit of streams, others end there. */
    boolean tooManyStreams() {
        return mentions("exceeds max_streams");
    }

    boolean formatRefused() {
        return mentions("not on whitelist");
    }

    /** The first of them that differ, without what is of this machine. */
    List<Warning> warnings() {
        return lines.stream()
                .map(Messages::cleaned)
                .distinct()
                .limit(MAX_WARNINGS)
                .map(line -> new Warning(WarningCode.MEDIA_ERRORS_REPORTED, line))
                .toList();
    }

    private static String cleaned(String line) {
        String text = ADDRESS.matcher(line).replaceAll("");
        text = INPUT.matcher(text).replaceAll("input");
        text = text.replaceAll("\\p{Cntrl}", " ").strip();
        return text.codePointCount(0, text.length()) <= MAX_LENGTH
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_LENGTH)) + "…";
    }

    private boolean mentions(String words) {
        return lines.stream().anyMatch(line -> line.contains(words));
    }
}
