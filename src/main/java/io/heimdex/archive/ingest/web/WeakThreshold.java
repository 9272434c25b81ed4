package io.heimdex.archive.ingest.web;

import io.heimdex.archive.ingest.Commits;
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
        return sent == null ? new WeakThreshold(Commits.DEFAULT_STRONG_LIMIT) : sent;
    }

    static final class Reader extends ValueDeserializer<WeakThreshold> {

        @Override
        public WeakThreshold deserialize(JsonParser parser, DeserializationContext context) {
            Long limit = context.readValue(parser, Long.class);
            if (limit != null && limit < 0) {
                context.reportInputMismatch(this, "must not be negative");
            }
            return new WeakThreshold(limit);
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
