package io.heimdex.archive.logging;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text as it may stand in the log: in one line, without what a terminal obeys or what makes a text
 * look like another, and without anything that opens something to who reads it.
 */
final class PlainText {

    private static final int DIRECT = 0x20;

    /** JWTs, whatever stands around them; bearer tokens of other kinds; signatures of our URLs. */
    private static final Pattern SECRET =
            Pattern.compile(
                    "eyJ[\\w-]+(?:\\.[\\w-]*)+|(?i:(?<=bearer )[^\\s\"',;]+|(?<=signature=)[^\\s\"'&,;]+)");

    private PlainText() {}

    /** Without secrets, and with escapes for every character that is not just shown. */
    static @Nullable String of(@Nullable String text) {
        return text == null ? null : escaped(withoutSecrets(text), false);
    }

    /** The same for text of our own that has several lines. */
    static @Nullable String ofLines(@Nullable String text) {
        return text == null ? null : escaped(withoutSecrets(text), true);
    }

    /** Without secrets, and as it was otherwise: for what is written where anything may stand. */
    static String withoutSecrets(String text) {
        return SECRET.matcher(text).replaceAll("(secret)");
    }

    private static String escaped(String text, boolean lines) {
        if (text.chars().allMatch(c -> shown(c) || (lines && c == '\n'))) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' && lines) {
                escaped.append(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                int codePoint = text.codePointAt(i++);
                if (Character.getType(codePoint) == Character.FORMAT) {
                    escaped.append("\\u{%x}".formatted(codePoint));
                } else {
                    escaped.appendCodePoint(codePoint);
                }
            } else if (shown(c)) {
                escaped.append(c);
            } else {
                escape(escaped, c);
            }
        }
        return escaped.toString();
    }

    private static void escape(StringBuilder to, char c) {
        switch (c) {
            case '\n' -> to.append("\\n");
            case '\r' -> to.append("\\r");
            case '\t' -> to.append("\\t");
            default -> to.append("\\u%04x".formatted((int) c));
        }
    }

    /** No control character, line or paragraph separator, direction, or half of a character. */
    private static boolean shown(int c) {
        if (c < 0x7f) {
            return c >= DIRECT;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }
}
