package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.telemetry.Measure;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** What the management port shows, and that the main port shows nothing of it. */
@ServiceTest
class ManagementTests {

    @Autowired TestApi api;

    @Value("${local.management.port}")
    int port;

    @ParameterizedTest
    @ValueSource(strings = {"", "/liveness", "/readiness"})
    void healthNeedsNoTokenAndShowsNoDetails(String part) {
        Answer health = get("/actuator/health" + part);

        assertThat(health.status()).isEqualTo(200);
        assertThat(health.text("/status")).isEqualTo("UP");
        assertThat(health.json().has("components")).isFalse();
    }

    @Test
    void theMetersOfAStepAreThereForPrometheusEvenIfNothingWentWrong() throws IOException {
        TestApi.Client client = api.as(TestApi.newOrg());
        client.sidecarJob(
                client.asset("a.wav", Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav"))));

        Answer meters = get("/actuator/prometheus");

        assertThat(meters.status()).isEqualTo(200);
        assertThat(meters.response().body())
                .contains("heimdex_job_stale_commits_total{step=\"probe\"}")
                .contains("spring_batch_step_name=\"probe\"")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void everyMeasureIsThereWithItsLabelsAndNoOther() throws IOException {
        TestApi.Client client = api.as(TestApi.newOrg());
        client.sidecarJob(
                client.asset("a.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4"))));

        Scrape scrape = Scrape.of(get("/actuator/prometheus").response().body());

        for (Measure measure : Measure.values()) {
            assertThat(scrape.labels(Measures.prometheusName(measure)))
                    .as(measure.id())
                    .containsAll(measure.tags());
        }
        assertThat(scrape.families("heimdex_"))
                .filteredOn(family -> !family.endsWith("_active_seconds"))
                .isSubsetOf(Measures.prometheusNames());
    }

    @Test
    void noMeterTellsOrgsAssetsOrPartitionsApart() throws IOException {
        String org = TestApi.newOrg();
        TestApi.Client client = api.as(org);
        String asset =
                client.asset("b.wav", Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav")));
        client.sidecarJob(asset);

        assertThat(get("/actuator/prometheus").response().body())
                .doesNotContain(org, asset)
                .doesNotContainPattern("step_name=\"[^\"]*:");
    }

    @Test
    void howMuchWaitsIsToldOfEveryLane() {
        Scrape scrape = Scrape.of(get("/actuator/prometheus").response().body());

        for (String lane : List.of("single", "bulk", "partition")) {
            for (String state : List.of("waiting", "running")) {
                assertThat(
                                scrape.value(
                                        "heimdex_queue_tasks{lane=\"%s\",state=\"%s\"}"
                                                .formatted(lane, state)))
                        .isNotNegative();
            }
            assertThat(
                            scrape.value(
                                    "heimdex_queue_oldest_age_seconds{lane=\"%s\"}"
                                            .formatted(lane)))
                    .isNotNegative();
            assertThat(scrape.value("heimdex_worker_threads{lane=\"%s\"}".formatted(lane)))
                    .isPositive();
        }
    }

    @Test
    void theBuildIsNamed() {
        assertThat(get("/actuator/info").text("/build/artifact")).isEqualTo("heimdex-archive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/env", "/actuator/heapdump", "/actuator/shutdown"})
    void nothingElseIsThere(String path) {
        assertThat(get(path).status()).isIn(401, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator", "/actuator/health", "/actuator/prometheus"})
    void theMainPortHasNoneOfIt(String path) {
        assertThatProblem(api.withToken(null).get(path)).is(401, "missing_authorization");
        assertThatProblem(api.as(TestApi.newOrg(), Scope.ADMIN).get(path)).is(404, "not_found");
    }

    private Answer get(String path) {
        return api.withToken(null).get("http://localhost:" + port + path);
    }
}
