package io.heimdex.archive.probe.ffprobe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.probe.ProbeOutcome.Probed;
import io.heimdex.archive.probe.ProbeOutcome.Rejected;
import io.heimdex.archive.probe.ProbeSettings;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.OpenedMedia;
import io.heimdex.archive.storage.SourceUri;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/** Remote files: how they are served to ffprobe, and what becomes of faults meanwhile. */
class RemoteProbeTests {

    private static final int BLOCK = BlockCache.BLOCK_BYTES;

    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void release() {
        end.countDown();
    }

    @Test
    void aRemoteFileIsProbed() throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of("samples/h264-aac.mp4"));

        try (FfprobeProber prober = prober(Duration.ofSeconds(20))) {
            assertThat(prober.probe(new RemoteMedia(bytes))).isInstanceOf(Probed.class);
        }
    }

    @Test
    void aStorageThatFailsIsNoFaultOfTheFile() throws IOException {
        try (FfprobeProber prober = prober(Duration.ofSeconds(20))) {
            RemoteMedia media = new RemoteMedia(new byte[100]);
            media.failure =
                    new HeimdexException(ErrorCode.STORAGE_UNAVAILABLE, "The bucket is away.");

            assertThatExceptionOfType(HeimdexException.class)
                    .isThrownBy(() -> prober.probe(media))
                    .isSameAs(media.failure);
        }
    }

    @Test
    void aStorageThatIsTooSlowIsNoFaultOfTheFile() throws IOException {
        try (FfprobeProber prober = prober(Duration.ofSeconds(1))) {
            RemoteMedia media = new RemoteMedia(new byte[100]);
            media.slow = true;

            assertThatExceptionOfType(HeimdexException.class)
                    .isThrownBy(() -> prober.probe(media))
                    .extracting(HeimdexException::code)
                    .isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
        }
    }

    @Test
    void aFileThatIsReplacedMeanwhileHasChanged() throws IOException {
        try (FfprobeProber prober = prober(Duration.ofSeconds(20))) {
            RemoteMedia media = new RemoteMedia(new byte[100]);
            media.failure = new HeimdexException(ErrorCode.SOURCE_CHANGED, "It was replaced.");
            media.changed = true;

            assertThat(prober.probe(media))
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            rejected ->
                                    assertThat(rejected.code())
                                            .isEqualTo(ErrorCode.SOURCE_CHANGED));
        }
    }

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

        assertThat(media.reads).containsExactly("0+1", "1+2", "3+4", "90+1", "7+1");
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

    private static FfprobeProber prober(Duration timeout) throws IOException {
        return new FfprobeProber(
                new ProbeSettings(
                        Path.of("target/test-data"),
                        null,
                        timeout,
                        1,
                        4,
                        Duration.ofSeconds(10),
                        DataSize.ofMegabytes(1),
                        DataSize.ofGigabytes(1)));
    }

    /** A stand-in for a file in a bucket, with faults. */
    private final class RemoteMedia implements OpenedMedia {

        private final byte[] bytes;
        private final List<String> reads = new ArrayList<>();
        private @Nullable HeimdexException failure;
        private boolean slow;
        private boolean changed;

        RemoteMedia(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public byte[] read(long position, int length) {
            reads.add(position / BLOCK + "+" + length / BLOCK);
            if (failure != null) {
                throw failure;
            }
            if (slow) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return Arrays.copyOfRange(
                    bytes, (int) position, (int) Math.min(position + length, bytes.length));
        }

        @Override
        public SourceUri uri() {
            return SourceUri.parse("gs://bucket/name");
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public Instant modifiedAt() {
            return Instant.EPOCH;
        }

        @Override
        public String fingerprint() {
            return "stand-in";
        }

        @Override
        public InputStream newInputStream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public Optional<Path> descriptor() {
            return Optional.empty();
        }

        @Override
        public boolean unchanged() {
            return !changed;
        }

        @Override
        public void close() {}
    }
}
