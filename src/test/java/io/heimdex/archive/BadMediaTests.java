package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertGivesNothingAway;
import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Files that are no media, or no longer what they were: each job says which and why. */
@ServiceTest
class BadMediaTests {

    private static final Path FOLDERS = FreshTestData.ARCHIVES.resolve("folders");

    @Autowired TestApi api;

    private Client client;

    /** May read {@link #FOLDERS}. */
    private Client archive;

    @BeforeEach
    void clients() {
        client = api.as(TestApi.newOrg());
        archive = api.as("folders");
    }

    @AfterEach
    void noProberIsLeft() {
        Awaitility.await("no ffprobe is left")
                .untilAsserted(() -> assertThat(runningProbers()).isEmpty());
    }

    /** Ours only: others may probe on this machine too. */
    private static List<ProcessHandle> runningProbers() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/ffprobe"))
                .toList();
    }

    static Stream<Arguments> badFiles() throws IOException {
        String good = TestApi.sample("tone-mono-8khz.wav").toAbsolutePath().toString();
        byte[] noise = new byte[100_000];
        new Random(7).nextBytes(noise);
        return Stream.of(
                // ffprobe 8 takes a playlist for one by its name only; here it sees no name.
                bad(
                        "invalid_media",
                        "playlist.mp4",
                        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://"
                                + good
                                + "\n#EXT-X-ENDLIST\n"),
                bad(
                        "unsupported_format",
                        "list.mp4",
                        "ffconcat version 1.0\nfile '" + good + "'\n"),
                bad(
                        "unsupported_format",
                        "session.mp4",
                        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n"),
                bad("invalid_media", "noise.mp3", noise),
                bad("invalid_media", "begins-like-music.mp3", threeFramesOfSoundAndText()),
                bad("invalid_media", "note.mp4", "This is plain text, not a video.\n"),
                bad("invalid_media", "zeros.mp4", new byte[100_000]),
                bad("invalid_media", "one.mp4", new byte[] {0}),
                bad(
                        "invalid_media",
                        "truncated.mp4",
                        Files.readAllBytes(TestApi.sample("truncated-no-moov.mp4"))),
                bad("invalid_media", "header.mp4", "\0\0\0\u0018ftypmp42\0\0\0\0mp42isom"),
                bad("empty_file", "empty.mp4", new byte[0]));
    }

    /** ffprobe takes this for an MP3 and exits with 0, but gives it the lowest score. */
    private static byte[] threeFramesOfSoundAndText() throws IOException {
        byte[] song = Files.readAllBytes(TestApi.sample("tone-with-cover.mp3"));
        // Behind the tag, whose length stands in four times seven bits.
        int sound = 10 + (song[6] << 21 | song[7] << 14 | song[8] << 7 | song[9]);
        int frame = 209;
        byte[] bytes = new byte[3 * frame + 4000];
        Arrays.fill(bytes, (byte) 'x');
        System.arraycopy(song, sound, bytes, 0, 3 * frame);
        return bytes;
    }

    private static Arguments bad(String code, String name, String text) {
        return bad(code, name, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Arguments bad(String code, String name, byte[] bytes) {
        return argumentSet(name, code, name, bytes);
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void aBadFileFailsItsJobAndSaysWhy(String code, String name, byte[] bytes) {
        Instant before = Instant.now().minusSeconds(1);
        String asset = client.asset(name, bytes);

        Answer job = client.sidecarJob(asset);

        assertFailed(job, asset, code);
        Answer failed = client.get("/v1/assets/" + asset);
        assertFailed(failed, code, 1);
        assertThat(Instant.parse(failed.text("/failure/at")))
                .isBetween(before, Instant.now().plusSeconds(1));
        assertThat(failed.json().path("sidecar").isNull()).isTrue();
        assertThatProblem(client.get("/v1/assets/" + asset + "/sidecar"))
                .is(404, "sidecar_not_found");
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void aBadFileIsRefusedByTheSynchronousProbe(String code, String name, byte[] bytes) {
        String uri = client.upload(name, bytes).text("/presigned/asset_uri");

        assertThatProblem(client.post("/v1/ingest/probe", Map.of("source_uri", uri))).is(422, code);
    }

    @Test
    void aFailedJobIsNeverSeenAsSucceeded() {
        String asset = client.asset("note.mp4", new byte[] {1, 2, 3});
        List<String> seen = new ArrayList<>();

        for (int i = 0; i < 20; i++) {
            String job = client.post("/v1/assets/" + asset + "/sidecar", "{}").text("/job_id");
            String status;
            do {
                status = client.get("/v1/jobs/" + job).text("/status");
                seen.add(status);
            } while (status.equals("queued") || status.equals("running"));
        }

        assertThat(seen).contains("failed").doesNotContain("succeeded");
    }

    @Test
    void aFileThatIsGoneFailsItsJobUntilItIsBack() throws IOException {
        Path file = inArchive("tone-mono-8khz.wav");
        Path away = file.resolveSibling(file.getFileName() + ".away");
        String asset = archive.commit(uri(file)).text("/asset_id");
        archive.sidecarJob(asset);
        Files.move(file, away);

        for (int attempt = 1; attempt <= 3; attempt++) {
            assertFailed(archive.sidecarJob(asset), asset, "source_not_found");
            assertFailed(archive.get("/v1/assets/" + asset), "source_not_found", attempt);
        }

        Files.move(away, file);
        assertThat(archive.sidecarJob(asset).text("/status")).isEqualTo("succeeded");
        Answer ready = archive.get("/v1/assets/" + asset);
        assertThat(ready.text("/status")).isEqualTo("ready");
        assertThat(ready.json().path("failure").isNull()).isTrue();
        assertThat(archive.get("/v1/assets/" + asset + "/sidecar").status()).isEqualTo(200);

        Files.delete(file);
        assertFailed(archive.sidecarJob(asset), asset, "source_not_found");
        assertFailed(archive.get("/v1/assets/" + asset), "source_not_found", 1);
    }

    @Test
    void aFileThatBecameALinkFailsItsJob() throws IOException {
        Path file = inArchive("tone.flac");
        String asset = archive.commit(uri(file)).text("/asset_id");
        Files.delete(file);
        Files.createSymbolicLink(file, TestApi.sample("tone.flac").toAbsolutePath());

        assertFailed(archive.sidecarJob(asset), asset, "source_forbidden");
    }

    @Test
    void aFileThatWasReplacedIsNotTakenForTheOneThatWasCommitted() throws IOException {
        Path file = inArchive("h264-aac.mp4");
        String asset = archive.commit(uri(file)).text("/asset_id");
        Files.copy(TestApi.sample("vp9-opus.webm"), file, StandardCopyOption.REPLACE_EXISTING);

        assertFailed(archive.sidecarJob(asset), asset, "source_changed");

        String other = archive.commit(uri(file)).text("/asset_id");
        assertThat(other).isNotEqualTo(asset);
        assertThat(archive.sidecarJob(other).text("/status")).isEqualTo("succeeded");
        assertThat(archive.get("/v1/assets/" + other + "/sidecar").text("/video/codec"))
                .isEqualTo("vp9");
        assertFailed(archive.sidecarJob(asset), asset, "source_changed");
    }

    @Test
    void aFileThatGrewIsNotTakenForTheOneThatWasCommitted() throws IOException {
        Path file = inArchive("tone-with-cover.mp3");
        String asset = archive.commit(uri(file)).text("/asset_id");
        Files.write(file, new byte[1000], StandardOpenOption.APPEND);

        assertFailed(archive.sidecarJob(asset), asset, "source_changed");
    }

    @Test
    void goodFilesAreUnaffectedByBadOnesInTheSameMoment() throws IOException {
        byte[] good = Files.readAllBytes(TestApi.sample("h264-aac.mp4"));
        Map<String, String> expected = new LinkedHashMap<>();
        for (int i = 0; i < 12; i++) {
            boolean bad = i % 3 != 0;
            // Bytes behind the last box make each good file an asset of its own.
            byte[] bytes =
                    bad
                            ? ("bad " + i).getBytes(StandardCharsets.UTF_8)
                            : Arrays.copyOf(good, good.length + 8 + i);
            if (!bad) {
                bytes[good.length + 3] = (byte) (8 + i);
                System.arraycopy(
                        "free".getBytes(StandardCharsets.US_ASCII), 0, bytes, good.length + 4, 4);
            }
            String asset = client.asset(i + ".mp4", bytes);
            expected.put(asset, bad ? "failed" : "succeeded");
        }
        Map<String, String> jobs = new LinkedHashMap<>();
        expected.keySet()
                .forEach(asset ->
                        jobs.put(
                                asset,
                                client.post("/v1/assets/" + asset + "/sidecar", "{}")
                                        .text("/job_id")));

        jobs.forEach((asset, job) ->
                assertThat(client.finished(job).text("/status")).isEqualTo(expected.get(asset)));
    }

    private static void assertFailed(Answer job, String asset, String code) {
        assertThat(job.text("/status")).as(job.response().body()).isEqualTo("failed");
        assertThat(job.text("/asset_id")).isEqualTo(asset);
        assertThat(job.text("/error/code")).isEqualTo(code);
        assertThat(job.text("/error/message")).isNotBlank();
        assertGivesNothingAway(job.text("/error/message"));
        assertThat(job.json().at("/result/counts/total").asInt()).isEqualTo(1);
        assertThat(job.json().at("/result/counts/failed").asInt()).isEqualTo(1);
        assertThat(job.json().at("/result/counts/succeeded").asInt()).isZero();
        assertThat(job.json().at("/result/sidecar_uri").isNull()).isTrue();
        assertThat(job.text("/finished_at")).isNotBlank();
    }

    private static void assertFailed(Answer asset, String code, int attempts) {
        assertThat(asset.text("/status")).isEqualTo("failed");
        assertThat(asset.text("/failure/code")).isEqualTo(code);
        assertThat(asset.text("/failure/message")).isNotBlank();
        assertGivesNothingAway(asset.text("/failure/message"));
        assertThat(asset.json().at("/failure/attempts").asInt()).isEqualTo(attempts);
    }

    /**
     * A file of its own in the archive: other tests have the same sample, but not the same asset.
     */
    private static Path inArchive(String sample) throws IOException {
        Path file =
                Files.createDirectory(FOLDERS.resolve("bad-" + UUID.randomUUID()))
                        .resolve(sample)
                        .toAbsolutePath();
        return Files.copy(TestApi.sample(sample), file);
    }

    private static String uri(Path file) {
        return file.toUri().toString();
    }
}
