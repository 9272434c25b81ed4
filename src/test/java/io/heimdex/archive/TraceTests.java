package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A trace that a client begins goes on through queue, worker, job and step to the probe. */
@ServiceTest
class TraceTests {

    @Autowired TestApi api;
    @Autowired InMemorySpanExporter exporter;
    @Autowired SdkTracerProvider provider;

    private final String trace = UUID.randomUUID().toString().replace("-", "");

    @Test
    void oneTraceLeadsFromTheRequestToTheProbe() throws IOException {
        String org = TestApi.newOrg();
        TestApi.Client client = api.as(org);
        String asset = client.asset("a.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4")));

        String job = request(client, "/v1/assets/" + asset + "/sidecar", Map.of(), "01");
        client.finished(job);

        List<SpanData> spans = spans("task single", 1);
        SpanData request = one(spans, "http post /v1/assets/{id}/sidecar");
        SpanData task = one(spans, "task single");
        SpanData batch = one(spans, "spring.batch.job");
        SpanData step =
                spans.stream()
                        .filter(span -> span.getName().equals("spring.batch.step"))
                        .filter(span ->
                                "probe".equals(attributes(span).get("spring.batch.step.name")))
                        .findFirst()
                        .orElseThrow();
        SpanData probe = one(spans, "probe", "outcome");
        assertThat(task.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(ancestors(batch, spans)).contains(task.getSpanId());
        assertThat(step.getParentSpanId()).isEqualTo(batch.getSpanId());
        assertThat(ancestors(probe, spans)).contains(step.getSpanId());
        assertThat(attributes(task)).containsEntry("org", org).containsEntry("job", job);
        assertThat(attributes(probe))
                .containsEntry("org", org)
                .containsEntry("job", job)
                .containsEntry("asset", asset)
                .containsEntry("outcome", "probed");
    }

    @Test
    void partitionsOfARunAreInItsTrace() throws IOException {
        TestApi.Client client = api.as(TestApi.newOrg());
        client.asset("a.wav", Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav")));

        client.finished(
                request(
                        client,
                        "/v1/jobs",
                        Map.of("type", "reprobe", "select", Map.of("which", "all")),
                        "01"));

        List<SpanData> spans = spans("task bulk", 1);
        SpanData partition = one(spans, "task partition");
        assertThat(ancestors(one(spans, "probe", "outcome"), spans))
                .contains(partition.getSpanId());
    }

    @Test
    void whatNobodyAskedToTraceIsNotTraced() throws IOException {
        TestApi.Client client = api.as(TestApi.newOrg());
        String asset =
                client.asset("a.wav", Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav")));

        client.finished(request(client, "/v1/assets/" + asset + "/sidecar", Map.of(), "00"));

        assertThat(TestSpans.ofTrace(trace, exporter, provider)).isEmpty();
    }

    private String request(TestApi.Client client, String path, Object body, String sampled) {
        return client.post(
                        path, body, "traceparent", "00-" + trace + "-00f067aa0ba902b7-" + sampled)
                .text("/job_id");
    }

    /** The trace's spans, once so many of this name have ended. */
    private List<SpanData> spans(String name, int count) {
        return Awaitility.await("spans of " + name)
                .until(
                        () -> TestSpans.ofTrace(trace, exporter, provider),
                        spans ->
                                spans.stream().filter(span -> span.getName().equals(name)).count()
                                        >= count);
    }

    private static SpanData one(List<SpanData> spans, String name, String... attributes) {
        List<SpanData> found =
                spans.stream()
                        .filter(span -> span.getName().equals(name))
                        .filter(span -> attributes(span).keySet().containsAll(List.of(attributes)))
                        .toList();
        assertThat(found)
                .as(
                        "%s among %s",
                        name,
                        spans.stream()
                                .map(span -> span.getName() + " " + attributes(span))
                                .toList())
                .hasSize(1);
        return found.getFirst();
    }

    private static Map<String, String> attributes(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream()
                .collect(
                        Collectors.toMap(
                                entry -> ((AttributeKey<?>) entry.getKey()).getKey(),
                                entry -> String.valueOf(entry.getValue())));
    }

    private static List<String> ancestors(SpanData span, List<SpanData> spans) {
        Map<String, SpanData> byId =
                spans.stream().collect(Collectors.toMap(SpanData::getSpanId, Function.identity()));
        List<String> ids = new ArrayList<>();
        SpanData parent = byId.get(span.getParentSpanId());
        while (parent != null) {
            ids.add(parent.getSpanId());
            parent = byId.get(parent.getParentSpanId());
        }
        return ids;
    }
}
