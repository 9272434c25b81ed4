package io.heimdex.archive.logging;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.Set;

/** The message of a line in the log. Logback makes it, so it is public. */
public final class PlainMessage extends ClassicConverter {

    /** They tell the operator why nothing starts, in paragraphs, and know no client yet. */
    private static final Set<String> WRITE_LINES =
            Set.of("org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter");

    @Override
    public String convert(ILoggingEvent event) {
        String message = event.getFormattedMessage();
        return String.valueOf(
                WRITE_LINES.contains(event.getLoggerName())
                        ? PlainText.ofLines(message)
                        : PlainText.of(message));
    }
}
