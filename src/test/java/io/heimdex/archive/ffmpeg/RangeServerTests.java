package io.heimdex.archive.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How remote files are served to a tool. */
class RangeServerTests {

    private static final int BLOCK = BlockCache.BLOCK_BYTES;

    @ParameterizedTest
    @CsvSource({
        "bytes=0-9,          206, 0, 10",
        "bytes=65530-65545,  206, 65530, 16",
        "bytes=199990-,      206, 199990, 10",
        "bytes=199990-999999, 206, 199990, 10",
        "bytes=200000-,      416, 0, 0",
        "bytes=9-3,          416, 0, 0"
    })
    void rangesAreServedAsTheyAreAskedFor(String range, int status, int first, int length)
            throws IOException {
        byte[] bytes = numbered(200_000);
        try (RangeServer server = new RangeServer();
                RangeServer.Serving serving = server.serve(new RemoteMedia(bytes))) {
            HttpResponse<byte[]> answer = get(serving.url(), "GET", "Range", range);

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(bytes, first, first + length));
        }
    }

    @Test
    void theWholeFileIsServedToWhoAsksForIt() throws IOException {
        byte[] bytes = numbered(200_000);
        try (RangeServer server = new RangeServer();
                RangeServer.Serving serving = server.serve(new RemoteMedia(bytes))) {
            assertThat(get(serving.url(), "GET").body()).isEqualTo(bytes);
            assertThat(get(serving.url(), "HEAD").headers().firstValue("Content-Length"))
                    .contains("200000");
        }
    }

    @Test
    void onlyTheProbesOwnFileIsServedAndOnlyMeanwhile() throws IOException {
        try (RangeServer server = new RangeServer()) {
            RangeServer.Serving serving = server.serve(new RemoteMedia(new byte[10]));
            String url = serving.url();

            assertThat(get(url, "GET").statusCode()).isEqualTo(200);
            assertThat(get(url + "0", "GET").statusCode()).isEqualTo(404);
            assertThat(get(url.replaceAll("[^/]*$", ""), "GET").statusCode()).isEqualTo(404);
            assertThat(get(url, "POST").statusCode()).isEqualTo(404);
            serving.close();
            assertThat(get(url, "GET").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void whatIsReadInSequenceIsReadAheadAndWhatIsJumpedToIsNot() {
        RemoteMedia media = new RemoteMedia(new byte[100 * BLOCK]);
        BlockCache blocks = new BlockCache(media);

        for (long block : new long[] {0, 1, 2, 3, 4, 5, 6, 90, 0, 7}) {
            assertThat(blocks.block(block)).hasSize(BLOCK);
        }

        assertThat(media.reads()).containsExactly("0+1", "1+2", "3+4", "90+1", "7+1");
    }

    @Test
    void theLastBlockIsAsLongAsTheFile() {
        BlockCache blocks = new BlockCache(new RemoteMedia(new byte[BLOCK + 7]));

        assertThat(blocks.block(1)).hasSize(7);
    }

    private static byte[] numbered(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) ((i * 31) >> 3);
        }
        return bytes;
    }

    private static HttpResponse<byte[]> get(String url, String method, String... headers)
            throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url)).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
