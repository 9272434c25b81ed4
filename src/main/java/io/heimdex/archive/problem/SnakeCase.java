package io.heimdex.archive.problem;

import java.util.Locale;

/** Names of Java properties as they stand in JSON. */
public final class SnakeCase {

    private SnakeCase() {}

    /** The name of a constant. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    public static String of(String camelCase) {
        return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
