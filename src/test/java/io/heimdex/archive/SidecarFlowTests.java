package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** One file, end to end. */
@ServiceTest
class SidecarFlowTests {

    @Autowired TestApi api;

    @Test
    void anUploadedFileGetsItsSidecarThroughAJob() throws IOException {
        Client client = api.as(TestApi.newOrg());
        String asset = client.asset("clip.mp4", Files.readAllBytes(TestApi.sample("h264-aac.mp4")));
        assertThat(client.get("/v1/assets/" + asset).text("/status")).isEqualTo("queued");

        Answer accepted = client.post("/v1/assets/" + asset + "/sidecar", "{}");

        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.response().headers().firstValue("Location"))
                .hasValue("/v1/jobs/" + accepted.text("/job_id"));
        Answer job = client.finished(accepted.text("/job_id"));
        assertThat(job.text("/status")).isEqualTo("succeeded");
        assertThat(job.json().at("/result/counts/succeeded").asInt()).isEqualTo(1);
        Answer sidecar = client.get(job.text("/result/sidecar_uri"));
        assertThat(sidecar.text("/video/codec")).isEqualTo("h264");
        assertThat(sidecar.text("/audio/codec")).isEqualTo("aac");
        assertThat(sidecar.text("/source/filename")).isEqualTo("clip.mp4");
        assertThat(sidecar.json().has("ffprobe")).isFalse();
        Answer raw = client.get(job.text("/result/sidecar_uri") + "?raw=true");
        assertThat(raw.text("/video/codec")).isEqualTo("h264");
        assertThat(raw.text("/ffprobe/format/format_name")).startsWith("mov,mp4");
        assertThat(raw.json().at("/ffprobe/streams")).hasSize(2);
        assertThat(raw.response().headers().firstValue("ETag"))
                .isNotEqualTo(sidecar.response().headers().firstValue("ETag"));
        assertThat(client.get("/v1/assets/" + asset).text("/status")).isEqualTo("ready");
    }
}
