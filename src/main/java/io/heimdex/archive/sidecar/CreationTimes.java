package io.heimdex.archive.sidecar;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Comparator;
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
     * A date, maybe a time, maybe an offset with or without a colon. Times without an offset count
     * as UTC.
     */
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd[['T'][' ']HH:mm[:ss][.SSSSSSSSS][.SSSSSS][.SSS][XXX][XX]]");

    private CreationTimes() {}

    /** The earliest moment that the tags name; a bare year is no moment. */
    static Optional<Instant> earliest(Stream<Map<String, String>> tags) {
        return tags.flatMap(map -> TAGS.stream().map(map::get))
                .filter(Objects::nonNull)
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
