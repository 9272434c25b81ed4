package io.heimdex.archive.ingest.web;

import io.heimdex.archive.storage.AssetIdentity;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * The file size from which on an id is weak. Absent and {@code null} differ: absent is the default,
 * {@code null} is never.
 *
 * @param limit in bytes, or {@code null} for none
 */
@JsonDeserialize(using = WeakThreshold.Reader.class)
record WeakThreshold(@Nullable Long limit) {

    static WeakThreshold orDefault(@Nullable WeakThreshold sent) {
        return sent == null ? new WeakThreshold(AssetIdentity.DEFAULT_STRONG_LIMIT) : sent;
    }

    static final class Reader extends ValueDeserializer<WeakThreshold> {

        @Override
        public WeakThreshold deserialize(JsonParser parser, DeserializationContext context) {
            // Clients in languages without integers write 1e9 or 1000000000.0.
            BigDecimal limit = context.readValue(parser, BigDecimal.class);
            try {
                long bytes = limit.longValueExact();
                if (bytes >= 0) {
                    return new WeakThreshold(bytes);
                }
            } catch (ArithmeticException _) {
                // No whole number of bytes, or more than any file has.
            }
            return (WeakThreshold)
                    context.handleWeirdNumberValue(
                            WeakThreshold.class,
                            limit,
                            "must be a whole number of bytes from 0 on");
        }

        /** Without this, Jackson takes what is absent for null. */
        @Override
        public @Nullable Object getAbsentValue(DeserializationContext context) {
            return null;
        }

        @Override
        public WeakThreshold getNullValue(DeserializationContext context) {
            return new WeakThreshold(null);
        }
    }
}
