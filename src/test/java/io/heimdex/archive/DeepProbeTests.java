package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Runs that decode. */
@ServiceTest
class DeepProbeTests {

    private static final GeneratedMedia MEDIA = GeneratedMedia.load();

    @Autowired TestApi api;

    private Client client;

    @BeforeEach
    void client() {
        client = api.as(TestApi.newOrg());
    }

    private JsonNode probed(byte[] bytes, boolean deep) {
        String asset = client.asset("file.mkv", bytes);
        Answer run =
                client.finished(
                        client.post(
                                        "/v1/jobs",
                                        Map.of(
                                                "type",
                                                "reprobe",
                                                "select",
                                                Map.of("which", "all"),
                                                "options",
                                                Map.of("deep", deep)))
                                .text("/job_id"));
        assertThat(run.json().at("/result/counts/failed").asInt()).isZero();
        return client.get("/v1/assets/" + asset + "/sidecar").json();
    }

    @Test
    void framesAreCountedAndLoudnessMeasured() throws IOException {
        JsonNode sidecar = probed(Files.readAllBytes(MEDIA.file("h264-aac.mp4")), true);

        assertThat(sidecar.at("/deep/frame_count").asLong()).isEqualTo(25);
        // A sine of an eighth of full scale, in one channel.
        assertThat(sidecar.at("/deep/loudness/integrated_lufs").asDouble())
                .isCloseTo(-21.8, within(0.6));
        assertThat(sidecar.at("/deep/loudness/true_peak_dbtp").asDouble()).isBetween(-19.0, -15.0);
        assertThat(sidecar.path("warnings")).isEmpty();
    }

    @Test
    void soundAloneIsMeasuredToo() throws IOException {
        JsonNode sidecar = probed(Files.readAllBytes(MEDIA.file("stereo-16.wav")), true);

        assertThat(sidecar.at("/deep/frame_count").isNull()).isTrue();
        assertThat(sidecar.at("/deep/loudness/integrated_lufs").isNumber()).isTrue();
    }

    @Test
    void nothingIsDecodedUnlessAskedFor() throws IOException {
        JsonNode sidecar = probed(Files.readAllBytes(MEDIA.file("h264-aac.mp4")), false);

        assertThat(sidecar.path("deep").isNull()).isTrue();
    }

    @Test
    void framesThatCannotBeDecodedDoNotCount() throws IOException {
        byte[] bytes = Files.readAllBytes(MEDIA.file("faststart.mp4"));
        int media = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("mdat") + 4;
        Arrays.fill(bytes, media + (bytes.length - media) / 2, bytes.length, (byte) 0);

        JsonNode sidecar = probed(bytes, true);

        assertThat(sidecar.at("/video/frame_count").asLong()).isEqualTo(25);
        assertThat(sidecar.at("/deep/frame_count").asLong()).isBetween(1L, 24L);
    }
}
