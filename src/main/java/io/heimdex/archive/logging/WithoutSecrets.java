package io.heimdex.archive.logging;

import org.springframework.boot.json.JsonWriter;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;

/**
 * Takes out of a line that is a JSON document what opens something to who reads it, wherever it
 * stands: message, stack trace, or what the line is about. JSON has escapes of its own for the
 * rest. Spring Boot makes it, before there are beans.
 */
final class WithoutSecrets implements StructuredLoggingJsonMembersCustomizer<Object> {

    @Override
    public void customize(JsonWriter.Members<Object> members) {
        members.applyingValueProcessor(
                JsonWriter.ValueProcessor.of(
                        String.class,
                        text -> text == null ? null : PlainText.withoutSecrets(text)));
    }
}
