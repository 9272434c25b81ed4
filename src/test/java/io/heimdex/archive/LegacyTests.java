package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.tenancy.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The routes of the first version: on a node that has them, and on one that has not. */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LegacyTests {

    private static final String BOUNDARY = "a-boundary";

    @Autowired TestApi without;
    @Autowired TestDatabase databases;

    private ConfigurableApplicationContext node;
    private TestApi with;

    @BeforeAll
    void start() {
        node =
                new SpringApplicationBuilder(HeimdexApplication.class)
                        .run(
                                "--HEIMDEX_ENABLE_LEGACY=true",
                                "--spring.servlet.multipart.max-file-size=200KB",
                                "--heimdex.roles=api",
                                "--heimdex.data-dir=target/test-data",
                                "--heimdex.local.first-run=false",
                                "--heimdex.database.url=" + databases.url(),
                                "--heimdex.database.migration-url=" + databases.migrationUrl(),
                                "--server.port=0",
                                "--management.server.port=0",
                                "--logging.level.root=ERROR");
        with = new TestApi((ServletWebServerApplicationContext) node);
    }

    @AfterAll
    void stop() {
        node.close();
    }

    @Test
    void aVideoIsToldOfAsBefore() throws IOException {
        byte[] bytes = sample("h264-aac.mp4");

        Answer answer = metadata(client(), "my clip.mp4", "video/mp4", bytes);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().propertyNames())
                .containsExactlyInAnyOrder(
                        "filename",
                        "format_name",
                        "duration_seconds",
                        "bitrate_kbps",
                        "size_bytes",
                        "streams");
        assertThat(answer.text("/filename")).isEqualTo("my clip.mp4");
        assertThat(answer.text("/format_name")).isEqualTo("mov,mp4,m4a,3gp,3g2,mj2");
        assertThat(answer.json().path("duration_seconds").asDouble()).isEqualTo(2.0);
        assertThat(answer.json().path("bitrate_kbps").asInt()).isEqualTo(195);
        assertThat(answer.json().path("size_bytes").asInt()).isEqualTo(bytes.length);
        assertThat(answer.json().at("/streams/0").toString())
                .startsWith(
                        "{\"index\":0,\"codec_type\":\"video\",\"codec_name\":\"h264\",\"width\":320,\"height\":180,")
                .endsWith(",\"frame_rate\":25.0}");
        assertThat(answer.text("/streams/1/codec_type")).isEqualTo("audio");
    }

    @Test
    void healthIsTold() {
        assertThat(client().get("/legacy/health").json().toString())
                .isEqualTo("{\"status\":\"ok\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"audio/flac", "text/plain", "application/octet-stream", "videos/mp4"})
    void onlyVideosAreTaken(String type) throws IOException {
        Answer answer = metadata(client(), "a", type, sample("tone.flac"));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.code()).isEqualTo("unsupported_media_type");
    }

    @Test
    void aFileBeyondTheLimitIsRefused() {
        Answer answer = metadata(client(), "large.mp4", "video/mp4", new byte[300 * 1024]);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("upload_too_large");
    }

    @Test
    void whatIsNoVideoHasItsCode() {
        byte[] text = "no video".getBytes(StandardCharsets.UTF_8);

        assertThat(metadata(client(), "a.mp4", "video/mp4", text).code())
                .isEqualTo("invalid_media");
        assertThat(metadata(client(), "a.mp4", "video/mp4", new byte[0]).code())
                .isEqualTo("empty_file");
    }

    @Test
    void aBodyThatIsNotAsItShouldBeIsRefused() {
        assertThat(
                        client().send(
                                        "POST",
                                        "/legacy/metadata",
                                        BodyPublishers.ofString("no parts"),
                                        "Content-Type",
                                        "multipart/form-data; boundary=" + BOUNDARY)
                                .status())
                .isEqualTo(400);
        assertThat(client().post("/legacy/metadata", "{}").status()).isEqualTo(415);
    }

    @Test
    void nobodyIsServedWithoutTheRightToken() {
        Client nobody = with.withToken(null);
        Client reader = with.as(TestApi.newOrg(), Scope.MEDIA_READ);

        assertThat(nobody.get("/legacy/health").status()).isEqualTo(401);
        assertThat(metadata(nobody, "a.mp4", "video/mp4", new byte[10]).status()).isEqualTo(401);
        assertThat(metadata(reader, "a.mp4", "video/mp4", new byte[10]).status()).isEqualTo(403);
    }

    @Test
    void theRoutesAreNotThereUnlessTheyAreSwitchedOn() throws IOException {
        Client client = without.as(TestApi.newOrg());

        assertThat(client.get("/legacy/health").status()).isEqualTo(404);
        assertThat(metadata(client, "a.mp4", "video/mp4", sample("h264-aac.mp4")).status())
                .isEqualTo(404);
    }

    private Client client() {
        return with.as(TestApi.newOrg());
    }

    private static Answer metadata(Client client, String name, String type, byte[] bytes) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(
                ("--"
                                + BOUNDARY
                                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                                + name
                                + "\"\r\nContent-Type: "
                                + type
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(bytes);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return client.send(
                "POST",
                "/legacy/metadata",
                BodyPublishers.ofByteArray(body.toByteArray()),
                "Content-Type",
                "multipart/form-data; boundary=" + BOUNDARY);
    }

    private static byte[] sample(String name) throws IOException {
        return Files.readAllBytes(TestApi.sample(name));
    }
}
