package io.heimdex.archive;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What Prometheus reads of a node, in its text format. */
record Scrape(List<Sample> samples, Set<String> families) {

    private static final Pattern SAMPLE =
            Pattern.compile("(?<name>[a-zA-Z_:][\\w:]*)(?:\\{(?<labels>.*)\\})? (?<value>\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern PART = Pattern.compile("_(?:count|sum|max|bucket)$");

    record Sample(String name, String labels, double value) {}

    static Scrape of(String text) {
        List<Sample> samples =
                text.lines()
                        .map(SAMPLE::matcher)
                        .filter(Matcher::matches)
                        .map(line ->
                                new Sample(
                                        line.group("name"),
                                        line.group("labels") == null ? "" : line.group("labels"),
                                        number(line.group("value"))))
                        .toList();
        return new Scrape(
                samples,
                samples.stream()
                        .map(sample -> PART.matcher(sample.name()).replaceFirst(""))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    Set<String> families(String prefix) {
        return families.stream()
                .filter(family -> family.startsWith(prefix))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether there is such a series, or histogram. */
    boolean has(String name) {
        return samples.stream().anyMatch(sample -> sample.name().equals(name));
    }

    /** The names of the labels of the metric's first series. */
    Set<String> labels(String family) {
        return samples.stream()
                .filter(sample -> PART.matcher(sample.name()).replaceFirst("").equals(family))
                .findFirst()
                .map(sample ->
                        LABEL.matcher(sample.labels())
                                .results()
                                .map(label -> label.group(1))
                                .collect(Collectors.toUnmodifiableSet()))
                .orElseThrow(() -> new AssertionError("no metric " + family));
    }

    double value(String series) {
        return samples.stream()
                .filter(sample ->
                        series.equals(
                                sample.labels().isEmpty()
                                        ? sample.name()
                                        : sample.name() + "{" + sample.labels() + "}"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no series " + series))
                .value();
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
