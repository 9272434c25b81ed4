package io.heimdex.archive.contract;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/** Times as RFC 3339 has them: text, and a year of four digits. The database holds no others. */
final class Times extends ValueDeserializer<Instant> {

    private static final int LAST_YEAR = 9999;

    static Instant parse(String text) {
        Instant time = Instant.parse(text);
        int year = time.atOffset(ZoneOffset.UTC).getYear();
        if (year < 0 || year > LAST_YEAR) {
            throw new DateTimeException("a year of " + year);
        }
        return time;
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return (Instant) context.handleUnexpectedToken(Instant.class, parser);
        }
        String text = parser.getString();
        try {
            return parse(text);
        } catch (DateTimeException _) {
            return (Instant)
                    context.handleWeirdStringValue(
                            Instant.class, text, "must be a time as in RFC 3339");
        }
    }
}
