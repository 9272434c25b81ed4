package io.heimdex.archive.contract;

import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;

/**
 * Converters whose refusal is one. Spring would go on with means of its own: take a constant by its
 * name in Java, and an empty text for no constant at all.
 */
record LastWord(ConversionService converters) implements ConversionService {

    @Override
    public boolean canConvert(@Nullable Class<?> from, Class<?> to) {
        return converters.canConvert(from, to);
    }

    @Override
    public boolean canConvert(@Nullable TypeDescriptor from, TypeDescriptor to) {
        return converters.canConvert(from, to);
    }

    @Override
    public <T> @Nullable T convert(@Nullable Object source, Class<T> to) {
        try {
            return converters.convert(source, to);
        } catch (ConversionFailedException e) {
            throw refused(e);
        }
    }

    @Override
    public @Nullable Object convert(
            @Nullable Object source, @Nullable TypeDescriptor from, TypeDescriptor to) {
        try {
            return converters.convert(source, from, to);
        } catch (ConversionFailedException e) {
            throw refused(e);
        }
    }

    /** Not the one after which Spring goes on. */
    private static IllegalArgumentException refused(ConversionFailedException cause) {
        return new IllegalArgumentException("cannot be converted", cause);
    }
}
