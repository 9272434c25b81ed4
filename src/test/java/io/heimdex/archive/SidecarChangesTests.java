package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Probing again: what stays, and what is told of what does not. */
@ServiceTest
class SidecarChangesTests {

    @Autowired TestApi api;
    @Autowired JdbcClient jdbc;

    private String org;
    private Client client;
    private String asset;

    @BeforeEach
    void asset() throws IOException {
        org = TestApi.newOrg();
        client = api.as(org);
        asset = client.asset("tone.wav", Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav")));
    }

    @Test
    void aProbeThatFindsTheSameChangesNothing() {
        client.sidecarJob(asset);
        Answer first = client.get("/v1/assets/" + asset + "/sidecar");

        client.sidecarJob(asset);

        String etag = first.response().headers().firstValue("ETag").orElseThrow();
        assertThat(etag).startsWith("W/\"");
        Answer second = client.get("/v1/assets/" + asset + "/sidecar");
        assertThat(second.response().headers().firstValue("ETag")).contains(etag);
        assertThat(second.text("/provenance/ingested_at"))
                .isNotEqualTo(first.text("/provenance/ingested_at"));
        assertThat(client.get("/v1/assets/" + asset + "/sidecar", "If-None-Match", etag).status())
                .isEqualTo(304);
        Answer changes = client.get("/v1/assets/" + asset + "/sidecar/changes");
        assertThat(changes.text("/asset_id")).isEqualTo(asset);
        assertThat(etag).contains(changes.text("/etag"));
        assertThat(changes.json().path("previous_etag").isNull()).isTrue();
        assertThat(changes.json().path("changed_at").isNull()).isTrue();
        assertThat(changes.json().path("changes")).isEmpty();
    }

    @Test
    void whatAProbeFindsOtherwiseIsTold() {
        client.sidecarJob(asset);
        pretendItWasProbedByAnother();
        String before = client.get("/v1/assets/" + asset).text("/sidecar/etag");

        client.sidecarJob(asset);

        Answer changes = client.get("/v1/assets/" + asset + "/sidecar/changes");
        assertThat(changes.text("/previous_etag")).isEqualTo(before);
        assertThat(changes.text("/etag"))
                .isEqualTo(client.get("/v1/assets/" + asset).text("/sidecar/etag"))
                .isNotEqualTo(before);
        assertThat(changes.text("/changed_at")).isNotEmpty();
        assertThat(changes.json().path("changes")).hasSize(1);
        assertThat(changes.text("/changes/0/path")).isEqualTo("/provenance/tools/ffprobe");
        assertThat(changes.text("/changes/0/before")).isEqualTo("0.1");
        assertThat(changes.text("/changes/0/after"))
                .isEqualTo(
                        client.get("/v1/assets/" + asset + "/sidecar")
                                .text("/provenance/tools/ffprobe"));
    }

    @Test
    void whatChangedStaysToldWhenALaterProbeFindsTheSame() {
        client.sidecarJob(asset);
        pretendItWasProbedByAnother();
        client.sidecarJob(asset);
        String changes = client.get("/v1/assets/" + asset + "/sidecar/changes").response().body();

        client.sidecarJob(asset);

        assertThat(client.get("/v1/assets/" + asset + "/sidecar/changes").response().body())
                .isEqualTo(changes);
    }

    private void pretendItWasProbedByAnother() {
        jdbc.sql(
                        """
                        update sidecar
                        set document = jsonb_set(document, '{provenance,tools,ffprobe}', '"0.1"'), etag = repeat('0', 64)
                        where org_id = :org and asset_id = :id
                        """)
                .param("org", org)
                .param("id", asset)
                .update();
    }

    @Test
    void withoutASidecarThereAreNoChanges() {
        assertThatProblem(client.get("/v1/assets/" + asset + "/sidecar/changes"))
                .is(404, "sidecar_not_found");
        assertThatProblem(client.get("/v1/assets/sha256:" + "0".repeat(64) + "/sidecar/changes"))
                .is(404, "asset_not_found");
    }

    @Test
    void whatFfprobeSaidIsKeptCompressed() throws IOException {
        String video =
                client.asset("video.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4")));
        client.sidecarJob(video);

        long kept =
                jdbc.sql(
                                "select pg_column_size(raw) from sidecar where org_id = :org and asset_id = :id")
                        .param("org", org)
                        .param("id", video)
                        .query(Long.class)
                        .single();
        int length =
                jdbc.sql(
                                "select octet_length(raw) from sidecar where org_id = :org and asset_id = :id")
                        .param("org", org)
                        .param("id", video)
                        .query(Integer.class)
                        .single();
        assertThat(kept).isLessThan(length / 2);
    }
}
