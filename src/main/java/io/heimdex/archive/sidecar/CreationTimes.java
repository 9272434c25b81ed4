package io.heimdex.archive.sidecar;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** When media was made, by its own tags. */
final class CreationTimes {

    private static final Set<String> TAGS =
            Set.of("com.apple.quicktime.creationdate", "creation_time", "date");

    /**
     * A date that exists, maybe a time, maybe an offset with or without a colon. Times without an
     * offset count as UTC.
     */
    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder()
                    // Four digits and no sign: RFC 3339 could not write other years.
                    .appendValue(ChronoField.YEAR, 4)
                    .appendPattern("-MM-dd[['T'][' ']HH:mm[:ss]")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .appendPattern("[XXX][XX]]")
                    .toFormatter(Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);

    private CreationTimes() {}

    /** The earliest moment that the tags name; a bare year is no moment. */
    static Optional<Instant> earliest(Stream<Map<String, String>> tags) {
        return tags.flatMap(map -> TAGS.stream().map(map::get))
                .filter(Objects::nonNull)
                // Most files say the same of each of their streams.
                .distinct()
                .flatMap(text -> parse(text).stream())
                .min(Comparator.naturalOrder());
    }

    private static Optional<Instant> parse(String text) {
        try {
            TemporalAccessor parsed =
                    FORMAT.parseBest(
                            text.strip(),
                            OffsetDateTime::from,
                            LocalDateTime::from,
                            LocalDate::from);
            return Optional.of(
                    switch (parsed) {
                        case OffsetDateTime time -> time.toInstant();
                        case LocalDateTime time -> time.toInstant(ZoneOffset.UTC);
                        default -> LocalDate.from(parsed).atStartOfDay().toInstant(ZoneOffset.UTC);
                    });
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
