package io.heimdex.archive;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** The spans that this node would send to a collector. */
@TestConfiguration(proxyBeanMethods = false)
class TestSpans {

    @Bean
    InMemorySpanExporter spans() {
        return InMemorySpanExporter.create();
    }

    static List<SpanData> ofTrace(
            String trace, InMemorySpanExporter spans, SdkTracerProvider provider) {
        provider.forceFlush().join(10, TimeUnit.SECONDS);
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getTraceId().equals(trace))
                .toList();
    }
}
