package io.heimdex.archive.ingest;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code Content-Range} of a part of a file.
 *
 * @param first the offset of the first byte
 * @param last the offset of the last byte
 * @param total the length of the whole file
 */
public record ByteRange(long first, long last, long total) {

    private static final Pattern FORMAT =
            Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    /** How many bytes the part has. */
    public long length() {
        return last - first + 1;
    }

    /** Empty if the header's value is no range of known total. */
    public static Optional<ByteRange> parse(String header) {
        Matcher matcher = FORMAT.matcher(header);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        ByteRange range =
                new ByteRange(
                        Long.parseLong(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        Long.parseLong(matcher.group(3)));
        return range.first <= range.last && range.last < range.total
                ? Optional.of(range)
                : Optional.empty();
    }
}
