package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heimdex.archive.RawHttp.Exchange;
import io.heimdex.archive.RawHttp.Reply;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Uploads to a file system of 8 MB, of which 1 MB is to stay free. Needs the right to mount one,
 * and is passed over without it.
 */
@ServiceTest
class StorageFullTests {

    private static final int MEGABYTE = 1 << 20;

    @Autowired TestApi api;

    private final String org = TestApi.newOrg();
    private final Path folder =
            Path.of("target/test-data/uploads").resolve(org).toAbsolutePath().normalize();
    private Client client;
    private boolean mounted;

    @BeforeEach
    void aSmallFileSystem() throws IOException, InterruptedException {
        client = api.as(org);
        Files.createDirectories(folder);
        mounted = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder.toString());
        assumeTrue(mounted, "nothing can be mounted here");
    }

    @AfterEach
    void noSmallFileSystem() throws IOException, InterruptedException {
        if (mounted) {
            run("umount", "--lazy", folder.toString());
        }
        Files.deleteIfExists(folder);
    }

    @Test
    void aFileForWhichThereIsNoRoomIsRefusedBeforeItComes() throws IOException {
        Answer init = init(7 * MEGABYTE + 1);
        try (Exchange put = begin(init, 7 * MEGABYTE + 1)) {
            Reply reply = put.reply();
            assertThat(reply.status()).isEqualTo(507);
            assertThat(reply.body()).contains("storage_full");
        }
        assertThat(folder.resolve(init.text("/upload_id")).resolve(".part")).isEmptyFile();
        assertThat(client.put(url(init(5)), new byte[5]).status()).isEqualTo(204);
    }

    @Test
    void nothingIsLeftOfAFileThatFilledTheDiskAndAllGoesOnWhenThereIsRoom() throws IOException {
        byte[] bytes = new byte[4 * MEGABYTE];
        Arrays.fill(bytes, (byte) 7);
        Answer init = init(bytes.length);
        Path upload = folder.resolve(init.text("/upload_id"));
        Path others = folder.resolve("of-others");
        try (Exchange put = begin(init, bytes.length)) {
            put.send(Arrays.copyOf(bytes, MEGABYTE));
            Awaitility.await("a megabyte")
                    .until(() ->
                            Files.exists(upload.resolve(".part"))
                                    && Files.size(upload.resolve(".part")) == MEGABYTE);
            fill(others);
            put.send(Arrays.copyOf(bytes, MEGABYTE));
            Reply reply = put.reply();
            assertThat(reply.status()).isEqualTo(507);
            assertThat(reply.body()).contains("storage_full").doesNotContain("space left");
        }
        assertThat(upload.resolve(".part")).isEmptyFile();
        assertThatProblem(client.commit(uri(init))).is(404, "source_not_found");
        assertThatProblem(client.put(url(init), bytes)).is(507, "storage_full");

        Files.delete(others);

        assertThat(client.put(url(init), bytes).status()).isEqualTo(204);
        assertThat(client.commit(uri(init)).status()).isEqualTo(200);
    }

    @Test
    void whatWasThereBeforeStaysThere() throws IOException {
        Answer init = init(10);
        client.put(url(init), new byte[4], "Content-Range", "bytes 0-3/10");
        Path others = folder.resolve("of-others");
        fill(others);

        Answer full = client.put(url(init), new byte[6], "Content-Range", "bytes 4-9/10");
        assertThatProblem(full).is(507, "storage_full");
        assertThatProblem(client.put(url(init(3)), new byte[3])).is(507, "storage_full");

        Files.delete(others);
        assertThat(
                        client.put(url(init), new byte[6], "Content-Range", "bytes 4-9/10")
                                .response()
                                .headers()
                                .firstValue("Upload-Offset"))
                .hasValue("10");
    }

    /** Until the very last byte. */
    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < 16 * MEGABYTE; i += 4096) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
            return;
        }
        throw new AssertionError("the file system has no end");
    }

    private Answer init(long length) {
        return client.post(
                "/v1/ingest/init", Map.of("source_name", "a.bin", "content_length", length));
    }

    private Exchange begin(Answer init, long length) throws IOException {
        URI url = URI.create(url(init));
        return api.raw()
                .begin(
                        "PUT "
                                + url.getRawPath()
                                + "?"
                                + url.getRawQuery()
                                + " HTTP/1.1\nHost: localhost",
                        length);
    }

    private static String url(Answer init) {
        return init.text("/presigned/upload_url");
    }

    private static String uri(Answer init) {
        return init.text("/presigned/asset_uri");
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(List.of(command))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            // No such program.
            return false;
        }
    }
}
