package io.heimdex.archive.paging;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on: the position of the last row that was shown, and the filters that it was
 * shown under.
 */
public final class Cursor {

    private static final String SEPARATOR = "|";

    private Cursor() {}

    static String of(String position, @Nullable Object... filters) {
        String text =
                position + SEPARATOR + Integer.toHexString(Arrays.toString(filters).hashCode());
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The position in a cursor, {@code null} for no cursor.
     *
     * @param read turns the position's text into what it stands for
     * @throws HeimdexException {@code invalid_cursor} if it is none of ours, or one of a list with
     *     other filters
     */
    public static <T> @Nullable T read(
            @Nullable String cursor, Function<String, T> read, @Nullable Object... filters) {
        if (cursor == null) {
            return null;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            int end = text.lastIndexOf(SEPARATOR);
            String position = text.substring(0, Math.max(0, end));
            if (of(position, filters).equals(cursor)) {
                return read.apply(position);
            }
        } catch (RuntimeException _) {
            // Whatever is wrong with it, it is none of ours.
        }
        throw new HeimdexException(
                ErrorCode.INVALID_CURSOR,
                "The cursor was changed, or taken from a list with other filters; begin anew.");
    }

    /** A page: at most the limit, and a cursor if there are more. */
    public static <T> Page<T> page(
            List<T> oneMore, int limit, Function<T, String> position, @Nullable Object... filters) {
        if (oneMore.size() <= limit) {
            return new Page<>(oneMore, null);
        }
        List<T> items = oneMore.subList(0, limit);
        return part(items, position.apply(items.getLast()), filters);
    }

    /**
     * A page of which is known where the next one begins.
     *
     * @param position {@code null} if there is none
     */
    public static <T> Page<T> part(
            List<T> items, @Nullable String position, @Nullable Object... filters) {
        return new Page<>(items, position == null ? null : of(position, filters));
    }
}
