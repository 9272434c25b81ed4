package io.heimdex.archive.probe.ffprobe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a run of a tool wrote to one of its streams.
 *
 * @param text all of it up to the limit
 * @param cut whether there was more
 * @param trailer what followed the mark, or {@code null} if the stream ended without one
 */
record Capture(String text, boolean cut, @Nullable String trailer) {

    /** More than a line feed, a mark, a trailer and a line feed. */
    private static final int MAX_END_BYTES = 64;

    private static final int SIGKILLED = 128 + 9;

    /**
     * Reads on until a line that starts with the mark. Beyond the limit it calls {@code onLimit}
     * once and drops what comes, so that the tool never waits for us.
     */
    static Capture until(String mark, InputStream in, long limit, Runnable onLimit)
            throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192 + MAX_END_BYTES];
        long total = 0;
        int carried = 0;
        boolean beyond = false;
        String end = "\n" + mark;
        for (int n = in.read(buffer, carried, buffer.length - carried);
                n >= 0;
                n = in.read(buffer, carried, buffer.length - carried)) {
            kept.write(buffer, carried, Math.clamp(limit - total, 0, n));
            total += n;
            int filled = carried + n;
            carried = Math.min(filled, MAX_END_BYTES);
            System.arraycopy(buffer, filled - carried, buffer, 0, carried);
            String last = new String(buffer, 0, carried, StandardCharsets.ISO_8859_1);
            int at = last.indexOf(end);
            if (at >= 0 && last.endsWith("\n") && last.length() > at + end.length()) {
                long size = total - carried + at;
                return new Capture(
                        text(kept, size),
                        size > limit,
                        last.substring(at + end.length(), last.length() - 1));
            }
            if (!beyond && total > limit + MAX_END_BYTES) {
                beyond = true;
                onLimit.run();
            }
        }
        return new Capture(text(kept, total), total > limit, null);
    }

    private static String text(ByteArrayOutputStream kept, long size) {
        return new String(
                kept.toByteArray(), 0, (int) Math.min(kept.size(), size), StandardCharsets.UTF_8);
    }

    boolean atMark() {
        return trailer != null;
    }

    /** The number behind the mark; that of a killed process if there was no mark. */
    int exitCode() {
        return trailer == null ? SIGKILLED : Integer.parseInt(trailer.strip());
    }
}
