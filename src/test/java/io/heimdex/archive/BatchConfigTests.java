package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The named runs that are shipped, run through the API. */
@ServiceTest
class BatchConfigTests {

    @Autowired TestApi api;
    @Autowired TestWorker worker;

    private final String org = TestApi.newOrg();

    @AfterEach
    void thisNodeWorksAgain() {
        worker.resume();
    }

    @Test
    void thoseWhoMayRunThemSeeWhatTheyDo() {
        Answer list = api.as(org).get("/v1/batch-configs");

        assertThat(list.json().path("items").findValuesAsString("name"))
                .containsExactly(
                        "reprobe-all",
                        "reprobe-failed",
                        "reprobe-missing",
                        "reprobe-stale",
                        "rescan-archive",
                        "thumbnails-missing");
        assertThat(list.text("/items/2/type")).isEqualTo("reprobe");
        assertThat(list.text("/items/2/select/which")).isEqualTo("missing");
        assertThat(list.text("/items/2/on_overlap")).isEqualTo("skip");
        assertThatProblem(api.as(org, Scope.JOBS_READ).get("/v1/batch-configs"))
                .is(403, "scope_required");
    }

    @Test
    void aNamedRunTakesTheCallersAssetsAlone() throws IOException {
        byte[] wav = Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav"));
        Client client = api.as(org);
        client.asset("mine.wav", wav);
        Client stranger = api.as(TestApi.newOrg());
        String theirs = stranger.asset("theirs.wav", wav);

        Answer preview =
                client.post("/v1/jobs", Map.of("config", "reprobe-missing", "dry_run", true));
        assertThat(preview.json().path("count").asInt()).isEqualTo(1);

        String id = client.post("/v1/jobs", Map.of("config", "reprobe-missing")).text("/job_id");
        Answer job = client.finished(id);
        assertThat(job.text("/status")).isEqualTo("succeeded");
        assertThat(job.text("/config")).isEqualTo("reprobe-missing");
        assertThat(job.json().at("/progress/total").asInt()).isEqualTo(1);
        assertThat(client.get("/v1/jobs").text("/items/0/config")).isEqualTo("reprobe-missing");
        assertThat(stranger.get("/v1/assets/" + theirs + "/sidecar").code())
                .isEqualTo("sidecar_not_found");
    }

    @Test
    void anotherRunWhileTheFirstGoesOnIsSkippedOrRefusedAsTheConfigSays() {
        worker.pause();
        Client client = api.as(org);

        Answer first = client.post("/v1/jobs", Map.of("config", "reprobe-missing"));
        assertThat(first.status()).isEqualTo(202);
        Answer second = client.post("/v1/jobs", Map.of("config", "reprobe-missing"));
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json().path("skipped").asBoolean()).isTrue();
        assertThat(second.text("/job_id")).isEqualTo(first.text("/job_id"));

        String[] key = {"Idempotency-Key", "all"};
        String all = client.post("/v1/jobs", Map.of("config", "reprobe-all"), key).text("/job_id");
        assertThatProblem(client.post("/v1/jobs", Map.of("config", "reprobe-all")))
                .is(409, "run_in_progress");
        assertThat(client.post("/v1/jobs", Map.of("config", "reprobe-all"), key).text("/job_id"))
                .as("the same request again")
                .isEqualTo(all);
        assertThat(client.get("/v1/jobs").json().path("items")).hasSize(2);
        assertThat(
                        api.as(TestApi.newOrg())
                                .post("/v1/jobs", Map.of("config", "reprobe-all"))
                                .status())
                .as("another org's run")
                .isEqualTo(202);

        worker.resume();
        client.finished(all);
        assertThat(client.post("/v1/jobs", Map.of("config", "reprobe-all")).status())
                .isEqualTo(202);
    }

    @Test
    void aConfigSaysAllOfARun() {
        Client client = api.as(org);
        assertThatProblem(client.post("/v1/jobs", Map.of("config", "reprobe-everything")))
                .is(404, "config_not_found");
        assertThatProblem(
                        client.post(
                                "/v1/jobs",
                                Map.of("config", "reprobe-all", "select", Map.of("which", "all"))))
                .is(400, "validation_failed")
                .field("select");
        assertThatProblem(client.post("/v1/jobs", Map.of("config", "reprobe-all", "type", "scan")))
                .is(400, "validation_failed")
                .field("type");
        assertThatProblem(client.post("/v1/jobs", Map.of("config", "rescan-archive")))
                .is(404, "archive_not_found");
        assertThatProblem(
                        client.post(
                                "/v1/jobs",
                                Map.of(
                                        "type",
                                        "reprobe",
                                        "select",
                                        Map.of(
                                                "which",
                                                "failed",
                                                "failure_codes",
                                                List.of("bad_luck")))))
                .is(400, "validation_failed")
                .field("select.failure_codes");
    }
}
