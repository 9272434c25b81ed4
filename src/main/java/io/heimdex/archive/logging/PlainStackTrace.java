package io.heimdex.archive.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.logback.ExtendedWhitespaceThrowableProxyConverter;

/**
 * The stack trace below a line in the log: its lines are our own, but what its exceptions say may
 * not be. Logback makes it, so it is public.
 */
public final class PlainStackTrace extends ExtendedWhitespaceThrowableProxyConverter {

    @Override
    protected String throwableProxyToString(IThrowableProxy failure) {
        return super.throwableProxyToString(new Plain(failure));
    }

    /** An exception whose messages, and those of its causes, are plain. */
    private record Plain(IThrowableProxy failure) implements IThrowableProxy {

        private static @Nullable Plain of(@Nullable IThrowableProxy failure) {
            return failure == null ? null : new Plain(failure);
        }

        @Override
        public @Nullable String getMessage() {
            return PlainText.of(failure.getMessage());
        }

        @Override
        public @Nullable String getOverridingMessage() {
            return PlainText.of(failure.getOverridingMessage());
        }

        @Override
        public String getClassName() {
            return failure.getClassName();
        }

        @Override
        public StackTraceElementProxy[] getStackTraceElementProxyArray() {
            return failure.getStackTraceElementProxyArray();
        }

        @Override
        public int getCommonFrames() {
            return failure.getCommonFrames();
        }

        @Override
        public @Nullable IThrowableProxy getCause() {
            return of(failure.getCause());
        }

        @Override
        public IThrowableProxy[] getSuppressed() {
            return Arrays.stream(failure.getSuppressed())
                    .map(Plain::new)
                    .toArray(IThrowableProxy[]::new);
        }

        @Override
        public boolean isCyclic() {
            return failure.isCyclic();
        }
    }
}
