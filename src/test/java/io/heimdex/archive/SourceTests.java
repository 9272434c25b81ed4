package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Which places of this machine a source URI reaches. */
@ServiceTest
@Timeout(30)
class SourceTests {

    private static final Path OUTSIDE = FreshTestData.ARCHIVES.resolve("outside");

    @Autowired TestApi api;

    private Client client;
    private Path folder = Path.of("");

    @BeforeEach
    void aFolderInTheArchive() throws IOException {
        client = api.as("folders");
        folder =
                Files.createDirectory(
                        FreshTestData.ARCHIVES
                                .resolve("folders")
                                .resolve("source-" + UUID.randomUUID())
                                .toAbsolutePath());
        Files.createDirectories(OUTSIDE);
    }

    @Test
    void aFileOfTheArchiveNeedsNoUpload() throws IOException {
        Path file = sample(folder.resolve("good.wav"));

        Answer commit = client.commit(uri(file));

        assertThat(commit.status()).isEqualTo(200);
        assertThat(commit.text("/source_uri")).isEqualTo(uri(file));
        assertThat(probe(uri(file)).text("/audio/codec")).isEqualTo("pcm_s16le");
    }

    @Test
    void aFileAboveTheLimitGetsAWeakIdUnlessItIsAskedOtherwise() throws IOException {
        Path large = sparse("large.mov", 1_000_000_001);
        assertThat(client.commit(uri(large)).text("/asset_id")).startsWith("weak:");

        Path small = sparse("small.mov", 1_000_001);
        assertThat(commit(small, 1e6).text("/asset_id")).startsWith("weak:");
        assertThat(commit(small, 2_000_000L).text("/asset_id")).startsWith("sha256:");
    }

    private Path sparse(String name, long length) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(length);
        }
        return file;
    }

    private Answer commit(Path file, @Nullable Number limit) {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put("source_uri", uri(file));
        body.put("weak_threshold_bytes", limit);
        return client.post("/v1/ingest/commit", body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a b.wav", "größe 🎬.wav", "100%.wav", "a#b?c.wav", "-i.wav", "$(id).wav"})
    void aFileOfAnyNameIsReached(String name) throws IOException {
        Path file = sample(folder.resolve(name));

        assertThat(probe(uri(file)).text("/source/filename")).isEqualTo(name);
        assertThat(client.commit(uri(file)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../good.wav",
                "/x/../good.wav",
                "/./good.wav",
                "//good.wav",
                "/good.wav/",
                "/",
                "/%2e%2e/good.wav",
                "/%2E%2E/good.wav",
                "/.%2e/good.wav",
                "/%2e/good.wav",
                "/..%2fgood.wav",
                "/x%2f..%2fgood.wav",
                "/x%5c..%5cgood.wav",
                "/x\\..\\good.wav",
                "/%252e%252e/good.wav",
                "/good.wav%00.mp4",
                "/good.wav%0a",
                "/good.wav?x=1",
                "/good.wav#x",
                "/good%",
                "/good%zz.wav",
                "/good%ff.wav"
            })
    void aPathThatIsNotPlainIsRefused(String path) throws IOException {
        sample(folder.resolve("good.wav"));

        refused(400, "invalid_source_uri", withoutSlash(uri(folder)) + path);
    }

    @ParameterizedTest
    @CsvSource({
        "/etc/passwd, invalid_source_uri",
        "passwd, invalid_source_uri",
        "file:passwd, invalid_source_uri",
        "file://localhost/etc/passwd, invalid_source_uri",
        "file://server/share/a.mp4, invalid_source_uri",
        "file:////etc/passwd, invalid_source_uri",
        "file:///, invalid_source_uri",
        "gs://bucket/a.mp4, scheme_not_allowed",
        "s3://bucket/a.mp4, scheme_not_allowed",
        "http://127.0.0.1/a.mp4, scheme_not_allowed",
        "https://example.org/a.mp4, scheme_not_allowed",
        "concat:/etc/passwd, scheme_not_allowed",
        "pipe:0, scheme_not_allowed",
        "data:text/plain;base64, scheme_not_allowed"
    })
    void aUriThatNamesNoLocalFileIsRefused(String uri, String code) {
        refused(400, code, uri);
    }

    @Test
    void aUriOfMoreThan3072BytesIsRefused() {
        refused(400, "invalid_source_uri", uri(folder) + "a".repeat(3072));
    }

    @Test
    void aNameTooLongForAnyFileIsNotFound() {
        refused(404, "source_not_found", uri(folder.resolve("a".repeat(300))));
    }

    @Test
    void aMissingFileIsNotFound() {
        refused(404, "source_not_found", uri(folder.resolve("missing.mp4")));
        refused(404, "source_not_found", uri(folder.resolve("no/such/folder/missing.mp4")));
    }

    @Test
    void aLinkToAnyFileIsForbidden() throws IOException {
        Path outside = sample(OUTSIDE.resolve(UUID.randomUUID() + ".wav")).toAbsolutePath();
        Path inside = sample(folder.resolve("good.wav"));

        for (Path target :
                new Path[] {
                    Path.of("/etc/passwd"),
                    Path.of("/dev/zero"),
                    Path.of("/proc/self/environ"),
                    outside,
                    inside,
                    folder.relativize(outside),
                    Path.of("missing"),
                    Path.of("loop")
                }) {
            Path link = folder.resolve("loop");
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, target);

            refused(403, "source_forbidden", uri(link));
        }
    }

    @Test
    void aFileBehindALinkedFolderIsForbidden() throws IOException {
        Path outside = Files.createDirectories(OUTSIDE.resolve("deep/er").toAbsolutePath());
        sample(outside.resolve("good.wav"));
        Files.createSymbolicLink(folder.resolve("linked"), outside);
        Files.createSymbolicLink(folder.resolve("above"), outside.getParent());
        Files.createSymbolicLink(folder.resolve("etc"), Path.of("/etc"));

        refused(403, "source_forbidden", uri(folder) + "linked/good.wav");
        refused(403, "source_forbidden", uri(folder) + "above/er/good.wav");
        refused(403, "source_forbidden", uri(folder) + "etc/passwd");
        refused(403, "source_forbidden", uri(folder) + "etc/no-such-file");
    }

    @Test
    void aPathThroughAFileIsForbidden() throws IOException {
        Path file = sample(folder.resolve("good.wav"));

        refused(403, "source_forbidden", uri(file) + "/x");
    }

    @Test
    void aFolderIsNoFile() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner.mp4"));

        refused(422, "not_regular_file", withoutSlash(uri(inner)));
    }

    @Test
    @Timeout(5)
    void aPipeIsNoFileAndKeepsNobodyWaiting() throws Exception {
        Path pipe = folder.resolve("pipe.mp4");
        run("mkfifo", pipe.toString());

        refused(422, "not_regular_file", uri(pipe));
    }

    @Test
    void aHardLinkIsForbidden() throws IOException {
        Path outside = sample(OUTSIDE.resolve(UUID.randomUUID() + ".wav"));
        Path link = folder.resolve("hard.wav");
        Files.createLink(link, outside);

        refused(403, "source_forbidden", uri(link));
        Files.delete(outside);
        assertThat(probe(uri(link)).status()).isEqualTo(200);
    }

    @Test
    void aFileThatTheServiceMayNotReadIsForbidden() throws IOException {
        Path file = sample(folder.resolve("secret.wav"));
        Files.setPosixFilePermissions(file, Set.of());

        // Nothing is unreadable for root.
        if (!Files.isReadable(file)) {
            refused(403, "source_forbidden", uri(file));
        }
    }

    @Test
    void anEmptyFileIsAnAssetWhoseJobFails() throws IOException {
        Path file = Files.createFile(folder.resolve("empty.mp4"));

        Answer commit = client.commit(uri(file));
        assertThat(commit.status()).isEqualTo(200);
        Answer job = client.sidecarJob(commit.text("/asset_id"));

        assertThat(job.text("/status")).as(job.response().body()).isEqualTo("failed");
        assertThat(job.text("/error/code")).isEqualTo("empty_file");
        assertThatProblem(probe(uri(file))).is(422, "empty_file");
    }

    private void refused(int status, String code, String uri) {
        assertThatProblem(client.commit(uri)).is(status, code);
        assertThatProblem(probe(uri)).is(status, code);
    }

    private Answer probe(String uri) {
        return client.post("/v1/ingest/probe", Map.of("source_uri", uri));
    }

    private static Path sample(Path file) throws IOException {
        return Files.copy(TestApi.sample("tone-mono-8khz.wav"), file);
    }

    private static String uri(Path file) {
        return file.toUri().toString();
    }

    /** Of an existing folder, Java's own URI ends in a slash. */
    private static String withoutSlash(String uri) {
        return uri.replaceFirst("/$", "");
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).start();
        assertThat(process.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
