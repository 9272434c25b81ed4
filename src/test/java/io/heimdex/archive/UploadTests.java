package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.heimdex.archive.RawHttp.Exchange;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Bytes on their way in: whole, in parts, too many, too late, at once, and with odd names. */
@ServiceTest
class UploadTests {

    private static final byte[] BYTES = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);

    @Autowired TestApi api;
    @Autowired JdbcClient jdbc;

    private String org = "";
    private Client client;

    @BeforeEach
    void aClient() {
        org = TestApi.newOrg();
        client = api.as(org);
    }

    @Test
    void aWholeFileIsTakenInOnePut() throws IOException {
        Answer init = init("clip.mp4", BYTES.length);

        assertThat(init.status()).isEqualTo(201);
        assertThat(init.text("/presigned/method")).isEqualTo("PUT");
        assertThat(init.text("/presigned/headers/Content-Type"))
                .isEqualTo("application/octet-stream");
        assertThat(Instant.parse(init.text("/presigned/expires_at"))).isAfter(Instant.now());
        Answer put = put(init, BYTES);
        assertThat(put.status()).isEqualTo(204);
        assertThat(put.response().body()).isEmpty();
        assertThat(client.commit(uri(init)).text("/asset_id")).isEqualTo(id(BYTES));
        assertThat(Files.readAllBytes(file(init))).isEqualTo(BYTES);
    }

    @Test
    void theCommitSaysWhatItMade() {
        Answer init = client.upload("clip.mp4", BYTES);

        Answer commit = commit(init);

        assertThat(commit.status()).isEqualTo(200);
        assertThat(commit.text("/asset_id")).isEqualTo(id(BYTES));
        assertThat(commit.text("/source_uri")).isEqualTo(uri(init));
        assertThat(commit.text("/status")).isEqualTo("queued");
        Answer asset = client.get("/v1/assets/" + id(BYTES));
        assertThat(asset.json().path("size_bytes").asInt()).isEqualTo(BYTES.length);
        assertThat(asset.text("/hash_quality")).isEqualTo("strong");
    }

    @Test
    void aFileAboveTheThresholdGetsAWeakId() {
        Answer init = client.upload("clip.mp4", BYTES);

        Answer commit =
                client.post(
                        "/v1/ingest/commit",
                        Map.of("source_uri", uri(init), "weak_threshold_bytes", BYTES.length - 1));

        assertThat(commit.text("/asset_id")).startsWith("weak:");
        assertThat(client.get("/v1/assets/" + commit.text("/asset_id")).text("/hash_quality"))
                .isEqualTo("weak");
    }

    @Test
    void aFileIsTakenInThreeParts() {
        Answer init = init("clip.mp4", 16);

        assertThat(offset(part(init, 0, 5, 16))).isEqualTo("5");
        assertThat(offset(part(init, 5, 12, 16))).isEqualTo("12");
        assertThatProblem(commit(init)).is(404, "source_not_found");
        assertThat(offset(part(init, 12, 16, 16))).isEqualTo("16");
        assertThat(commit(init).text("/asset_id")).isEqualTo(id(BYTES));
    }

    @Test
    void aPartAtTheWrongOffsetIsToldTheRightOne() {
        Answer init = init("clip.mp4", 16);
        part(init, 0, 5, 16);

        for (int wrong : new int[] {1, 4, 6, 15}) {
            Answer answer = part(init, wrong, 16, 16);
            assertThatProblem(answer).is(409, "upload_offset_mismatch");
            assertThat(offset(answer)).isEqualTo("5");
        }

        part(init, 5, 16, 16);
        assertThat(commit(init).text("/asset_id")).isEqualTo(id(BYTES));
    }

    @Test
    void aClientThatMissedTheLastAnswerIsToldThatAllIsThere() {
        Answer init = init("clip.mp4", 16);
        part(init, 0, 5, 16);
        part(init, 5, 16, 16);

        Answer again = part(init, 5, 16, 16);

        assertThatProblem(again).is(409, "upload_offset_mismatch");
        assertThat(offset(again)).isEqualTo("16");
        assertThat(commit(init).text("/asset_id")).isEqualTo(id(BYTES));
    }

    @Test
    void offsetZeroStartsOver() {
        Answer init = init("clip.mp4", 16);
        part(init, 0, 5, 16);

        assertThat(put(init, "ffffffffffffffff".getBytes(StandardCharsets.UTF_8)).status())
                .isEqualTo(204);
        assertThat(put(init, BYTES).status()).isEqualTo(204);
        assertThat(commit(init).text("/asset_id")).isEqualTo(id(BYTES));
    }

    @Test
    void anUploadThatWasCutOffGoesOnWhereItStopped() throws IOException {
        Answer init = init("clip.mp4", 16);
        try (Exchange cut = raw(init, 16)) {
            cut.send(Arrays.copyOf(BYTES, 7));
            Awaitility.await("seven bytes")
                    .until(() -> Files.exists(part(init)) && Files.size(part(init)) == 7);
        }

        Answer rest =
                Awaitility.await("the service lets go")
                        .until(
                                () -> part(init, 7, 16, 16),
                                answer -> !answer.code().equals("upload_in_progress"));

        assertThat(rest.status()).isEqualTo(204);
        assertThat(commit(init).text("/asset_id")).isEqualTo(id(BYTES));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bytes 0-15/*", "bytes 5-4/16", "bytes 0-16/16", "0-15/16", "bytes 0-3/16"})
    void aRangeThatDoesNotFitIsRefused(String range) {
        Answer init = init("clip.mp4", 16);

        assertThatProblem(put(init, BYTES, "Content-Range", range))
                .is(400, "validation_failed")
                .field("Content-Range");
    }

    @Test
    void aRangeOfAnotherTotalIsRefused() {
        Answer init = init("clip.mp4", 16);

        assertThatProblem(put(init, BYTES, "Content-Range", "bytes 0-15/17"))
                .is(422, "size_mismatch");
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 4096, 200_000})
    void aBodyThatIsTooLongIsRefused(int length) {
        Answer init = init("clip.mp4", 16);

        assertThatProblem(put(init, new byte[length])).is(413, "upload_too_large");
        assertThatProblem(stream(init, new byte[length])).is(413, "upload_too_large");
        assertThatProblem(commit(init)).is(404, "source_not_found");
        assertThat(put(init, BYTES).status()).isEqualTo(204);
        assertThat(commit(init).text("/asset_id")).isEqualTo(id(BYTES));
    }

    @Test
    void aPartThatReachesTooFarLeavesWhatWasThere() {
        Answer init = init("clip.mp4", 16);
        part(init, 0, 5, 16);

        assertThatProblem(stream(init, new byte[100], "Content-Range", "bytes 5-15/16"))
                .is(413, "upload_too_large");
        assertThat(part(init, 5, 16, 16).status()).isEqualTo(204);
        assertThat(commit(init).text("/asset_id")).isEqualTo(id(BYTES));
    }

    @Test
    void aBodyThatIsTooShortIsNoFile() {
        Answer init = init("clip.mp4", 17);

        assertThatProblem(put(init, BYTES)).is(422, "size_mismatch");
        Answer streamed = stream(init, BYTES);
        assertThat(streamed.status()).isEqualTo(204);
        assertThat(offset(streamed)).isEqualTo("16");
        assertThatProblem(commit(init)).is(404, "source_not_found");
    }

    @Test
    void aFileOverTheLimitIsRefusedBeforeAnyByteIsSent() {
        assertThatProblem(init("clip.mp4", 107_374_182_401L)).is(413, "upload_too_large");
        assertThat(init("clip.mp4", 107_374_182_400L).status()).isEqualTo(201);
    }

    @Test
    void aFileThatIsNotAsLongAsAnnouncedIsNotCommitted() throws IOException {
        Answer init = client.upload("clip.mp4", BYTES);
        Files.write(file(init), new byte[] {1});

        assertThatProblem(commit(init)).is(422, "size_mismatch");
    }

    @Test
    void anEmptyFileIsTaken() {
        Answer init = init("nothing.mp4", 0);

        assertThat(put(init, new byte[0]).status()).isEqualTo(204);
        assertThat(commit(init).text("/asset_id")).isEqualTo(id(new byte[0]));
    }

    @Test
    void aChangedUrlIsRefused() {
        Answer init = init("clip.mp4", 16);
        Answer other = init("other.mp4", 16);
        String url = url(init);
        String signature = url.replaceAll(".*signature=", "");
        List<String> changed =
                List.of(
                        url.replace(signature, flipped(signature)),
                        url.replace(signature, ""),
                        url.replace(signature, signature.substring(1)),
                        url.replace(signature, signature + "0"),
                        url.replaceAll("&?signature=.*", ""),
                        url.replace(init.text("/upload_id"), other.text("/upload_id")),
                        url.replace(init.text("/upload_id"), UUID.randomUUID().toString()),
                        url.replace(init.text("/upload_id"), "x"));

        for (String wrong : changed) {
            assertThatProblem(client.put(wrong, BYTES)).is(403, "upload_url_invalid");
        }
        assertThatProblem(commit(init)).is(404, "source_not_found");
    }

    @Test
    void theUrlAloneIsEnough() {
        Answer init = init("clip.mp4", 16);

        assertThat(api.withToken(null).put(url(init), BYTES).status()).isEqualTo(204);
    }

    @Test
    void anExpiredUploadTakesNothingAndIsNotCommitted() throws GeneralSecurityException {
        Answer init = client.upload("clip.mp4", BYTES);
        String expired = expire(init);

        assertThatProblem(client.put(expired, BYTES)).is(410, "upload_expired");
        assertThatProblem(
                        client.put(
                                expired.replaceAll("expires=\\d+", "expires=99999999999"), BYTES))
                .is(410, "upload_expired");
        assertThatProblem(commit(init)).is(410, "upload_expired");
        assertThatProblem(client.commit(uri(init))).is(410, "upload_expired");
    }

    /**
     * Lets the upload expire, and gives its URL as it would have been signed for that moment: the
     * signature covers the moment, so that the old URL would be refused for its signature.
     */
    private String expire(Answer init) throws GeneralSecurityException {
        Instant moment = Instant.now().minusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
        UUID upload = UUID.fromString(init.text("/upload_id"));
        byte[] key =
                jdbc.sql(
                                """
                                update upload set expires_at = :moment where upload_id = :upload
                                returning signing_key
                                """)
                        .param("moment", moment.atOffset(ZoneOffset.UTC))
                        .param("upload", upload)
                        .query(byte[].class)
                        .single();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        String text = "PUT\n" + upload + "\n" + moment.getEpochSecond();
        String signature =
                HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        return url(init)
                .replaceAll("signature=.*", "signature=" + signature)
                .replaceAll("expires=\\d+", "expires=" + moment.getEpochSecond());
    }

    @Test
    void aCommittedUploadTakesNothingMore() throws IOException {
        Answer init = client.upload("clip.mp4", BYTES);
        commit(init);

        assertThatProblem(put(init, BYTES)).is(409, "upload_already_used");
        assertThatProblem(part(init, 0, 5, 16)).is(409, "upload_already_used");
        assertThat(Files.readAllBytes(file(init))).isEqualTo(BYTES);
    }

    @Test
    void aCommittedUploadIsGoodForNoOtherFile() {
        Answer init = client.upload("clip.mp4", BYTES);
        Answer other = client.upload("other.mp4", new byte[] {1});
        commit(init);

        assertThatProblem(commit(init.text("/upload_id"), uri(other)))
                .is(409, "upload_already_used");
    }

    @Test
    void anUploadIsCommittedWithItsOwnFileOnly() {
        Answer init = client.upload("clip.mp4", BYTES);
        Answer other = client.upload("other.mp4", new byte[] {1});

        assertThatProblem(commit(init.text("/upload_id"), uri(other)))
                .is(400, "validation_failed")
                .field("source_uri");
    }

    @Test
    void theSameCommitTwiceIsOneAsset() {
        Answer init = client.upload("clip.mp4", BYTES);

        Answer first = commit(init);
        Answer second = commit(init);

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.response().body()).isEqualTo(first.response().body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "../x", "00000000-0000-4000-8000-000000000000", "1-1-1-1-1"})
    void anUnknownUploadIsNotFound(String upload) {
        String mine = uri(client.upload("clip.mp4", BYTES));

        assertThatProblem(commit(upload, mine)).is(404, "upload_not_found");
    }

    @Test
    void theUploadOfAnotherOrgIsNotFound() {
        Answer foreign = api.as(TestApi.newOrg()).upload("clip.mp4", BYTES);
        String mine = uri(client.upload("clip.mp4", BYTES));

        assertThatProblem(commit(foreign.text("/upload_id"), mine)).is(404, "upload_not_found");
        assertThatProblem(commit(foreign)).is(404, "upload_not_found");
    }

    @Test
    void anUploadWithoutBytesIsNotFound() {
        Answer init = init("clip.mp4", 16);

        assertThatProblem(commit(init)).is(404, "source_not_found");
        assertThatProblem(client.commit(uri(init))).is(404, "source_not_found");
    }

    static Stream<Arguments> checksums() {
        byte[] sha256 = sha256(BYTES);
        byte[] crc32c = crc32c(BYTES);
        HexFormat hex = HexFormat.of();
        return Stream.of(
                argumentSet("sha256 in hex", "sha256", hex.formatHex(sha256)),
                argumentSet("sha256 in capitals", "sha256", hex.withUpperCase().formatHex(sha256)),
                argumentSet("sha256 in base64", "sha256", base64(sha256)),
                argumentSet("crc32c in hex", "crc32c", hex.formatHex(crc32c)),
                argumentSet("crc32c in base64", "crc32c", base64(crc32c)));
    }

    @ParameterizedTest
    @MethodSource("checksums")
    void theRightChecksumIsTaken(String algorithm, String value) {
        assertThat(commit(uploaded(algorithm, value, BYTES)).text("/asset_id"))
                .isEqualTo(id(BYTES));
    }

    @ParameterizedTest
    @MethodSource("checksums")
    void aWrongChecksumIsRefusedUntilTheRightBytesCome(String algorithm, String value) {
        byte[] wrong = "0123456789abcdeF".getBytes(StandardCharsets.UTF_8);
        Answer init = uploaded(algorithm, value, wrong);

        assertThatProblem(commit(init)).is(422, "checksum_mismatch");
        assertThatProblem(client.commit(uri(init))).is(422, "checksum_mismatch");
        assertThatProblem(client.commit(uri(init).replace("file:///", "file:/")))
                .is(422, "checksum_mismatch");
        assertThatProblem(client.commit(uri(init).replace("clip", "%63lip")))
                .is(422, "checksum_mismatch");
        assertThatProblem(client.get("/v1/assets/" + id(wrong))).is(404, "asset_not_found");

        put(init, BYTES);
        assertThat(commit(init).text("/asset_id")).isEqualTo(id(BYTES));
    }

    @Test
    void aChecksumIsLookedAtEvenIfTheIdIsWeak() {
        Answer init = uploaded("crc32c", "00000000", BYTES);

        assertThatProblem(
                        client.post(
                                "/v1/ingest/commit",
                                Map.of("source_uri", uri(init), "weak_threshold_bytes", 1)))
                .is(422, "checksum_mismatch");
    }

    static Stream<String> wrongNames() {
        return Stream.of(
                "../x",
                "../../../../etc/cron.d/x",
                "/etc/passwd",
                "a/b",
                "a\\b",
                "..\\x",
                ".",
                "..",
                "%2e%2e",
                "%2E%2e%2Fx",
                "a%2Fb",
                "a%2fb",
                "a%5Cb",
                "a%00b",
                "a\0b",
                "a\nb",
                " ",
                "a".repeat(256),
                "a".repeat(300),
                "ä".repeat(128));
    }

    @ParameterizedTest
    @MethodSource("wrongNames")
    void aNameThatIsNoNameIsRefused(String name) {
        assertThatProblem(init(name, 1)).is(400, "validation_failed").field("source_name");
    }

    static Stream<String> oddNames() {
        return Stream.of(
                "-i",
                "--help",
                "$(id)",
                "`id`",
                "a;b|c&d",
                "🎬 Klappe – Größe 4:3.mp4",
                "100%.mp4",
                "..mp4",
                "...",
                ".part",
                ".lock",
                ".hidden",
                "a b?c#d.mp4",
                "'; drop table asset; --",
                "CON",
                "a".repeat(255),
                "ä".repeat(127));
    }

    @ParameterizedTest
    @MethodSource("oddNames")
    void anOddNameIsKeptAsItIs(String name) throws IOException {
        String asset = client.asset(name, Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav")));

        assertThat(client.sidecarJob(asset).text("/status")).isEqualTo("succeeded");
        assertThat(client.get("/v1/assets/" + asset + "/sidecar").text("/source/filename"))
                .isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json",
                "nonsense"
            })
    void theBytesAreTheSameWhateverTheirTypeIsSaidToBe(String type) throws IOException {
        byte[] bytes = "a=1&signature=0&b=%41+%2B\r\n--x".getBytes(StandardCharsets.UTF_8);
        Answer init = init("form", bytes.length);

        assertThat(put(init, bytes, "Content-Type", type).status()).isEqualTo(204);
        assertThat(commit(init).text("/asset_id")).isEqualTo(id(bytes));
        assertThat(Files.readAllBytes(file(init))).isEqualTo(bytes);
    }

    @RepeatedTest(5)
    void twoPutsAtOnceNeverMix() throws Exception {
        // Of a refused body the server reads 2 MB; beyond that a client may see the connection end
        // before it has read the answer.
        byte[] ones = filled(1_500_000, (byte) 1);
        byte[] twos = filled(1_500_000, (byte) 2);
        Answer init = init("clip.mp4", ones.length);

        List<Answer> answers =
                atOnce(
                        List.of(
                                () -> put(init, ones),
                                () -> put(init, twos),
                                () -> put(init, ones)));

        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.status() + answer.code())
                                .isIn("204", "409upload_in_progress"))
                .anySatisfy(answer -> assertThat(answer.status()).isEqualTo(204));
        assertThat(commit(init).text("/asset_id")).isIn(id(ones), id(twos));
    }

    @Test
    void aPutWhileAnotherGoesOnIsRefused() throws IOException {
        Answer init = init("clip.mp4", 16);
        try (Exchange slow = raw(init, 16)) {
            slow.send(Arrays.copyOf(BYTES, 5));
            Awaitility.await("five bytes")
                    .until(() -> Files.exists(part(init)) && Files.size(part(init)) == 5);

            assertThatProblem(put(init, new byte[16])).is(409, "upload_in_progress");

            slow.send(Arrays.copyOfRange(BYTES, 5, 16));
            assertThat(slow.reply().status()).isEqualTo(204);
        }
        assertThat(commit(init).text("/asset_id")).isEqualTo(id(BYTES));
    }

    @Test
    void aPutThatEndsAfterTheCommitChangesNothing() throws IOException {
        Answer init = client.upload("clip.mp4", BYTES);
        try (Exchange late = raw(init, 16)) {
            late.send("fffff".getBytes(StandardCharsets.UTF_8));
            Awaitility.await("five bytes")
                    .until(() -> Files.exists(part(init)) && Files.size(part(init)) == 5);

            assertThat(commit(init).text("/asset_id")).isEqualTo(id(BYTES));

            late.send("fffffffffff".getBytes(StandardCharsets.UTF_8));
            RawHttp.Reply reply = late.reply();
            assertThat(reply.status()).as(reply.body()).isEqualTo(409);
            assertThat(reply.body()).contains("upload_already_used");
        }
        assertThat(Files.readAllBytes(file(init))).isEqualTo(BYTES);
    }

    @Test
    void theSameCommitFiftyTimesAtOnceIsOneAsset() throws Exception {
        Answer init = client.upload("clip.mp4", BYTES);
        Callable<Answer> commit = () -> commit(init);

        List<Answer> answers = atOnce(Collections.nCopies(50, commit));

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
        assertThat(answers.stream().map(answer -> answer.response().body()).distinct()).hasSize(1);
        assertThat(count("asset")).isOne();
        assertThat(count("asset_source")).isOne();
    }

    @Test
    void theSameBytesUploadedManyTimesAtOnceAreOneAsset() throws Exception {
        List<Callable<Answer>> uploads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String name = "copy-" + i + ".mp4";
            uploads.add(() -> commit(client.upload(name, BYTES)));
        }

        assertThat(atOnce(uploads))
                .allSatisfy(answer -> assertThat(answer.text("/asset_id")).isEqualTo(id(BYTES)));
        assertThat(count("asset")).isOne();
        assertThat(count("asset_source")).isEqualTo(20);
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
            return answers;
        }
    }

    private Answer init(String name, long length) {
        return client.post(
                "/v1/ingest/init", Map.of("source_name", name, "content_length", length));
    }

    private Answer uploaded(String algorithm, String checksum, byte[] bytes) {
        Answer init =
                client.post(
                        "/v1/ingest/init",
                        Map.of(
                                "source_name",
                                "clip.mp4",
                                "content_length",
                                bytes.length,
                                "checksum",
                                Map.of("algorithm", algorithm, "value", checksum)));
        assertThat(put(init, bytes).status()).isEqualTo(204);
        return init;
    }

    private Answer put(Answer init, byte[] bytes, String... headers) {
        return client.put(url(init), bytes, headers);
    }

    /** Sends the bytes without telling their number. */
    private Answer stream(Answer init, byte[] bytes, String... headers) {
        return client.send(
                "PUT",
                url(init),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)),
                headers);
    }

    private Answer part(Answer init, int from, int to, int total) {
        return put(
                init,
                Arrays.copyOfRange(BYTES, from, to),
                "Content-Range",
                "bytes " + from + "-" + (to - 1) + "/" + total);
    }

    private Exchange raw(Answer init, int length) throws IOException {
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

    private Answer commit(Answer init) {
        return commit(init.text("/upload_id"), uri(init));
    }

    private Answer commit(String upload, String source) {
        return client.post("/v1/ingest/commit", Map.of("upload_id", upload, "source_uri", source));
    }

    private long count(String table) {
        return jdbc.sql("select count(*) from " + table + " where org_id = :org")
                .param("org", org)
                .query(Long.class)
                .single();
    }

    private static String uri(Answer init) {
        return init.text("/presigned/asset_uri");
    }

    private static String url(Answer init) {
        return init.text("/presigned/upload_url");
    }

    private static String offset(Answer answer) {
        return answer.response().headers().firstValue("Upload-Offset").orElse("none");
    }

    /** Where the bytes end up. */
    private static Path file(Answer init) {
        return Path.of(URI.create(uri(init)));
    }

    /** Where the bytes gather. */
    private static Path part(Answer init) {
        return file(init).resolveSibling(".part");
    }

    private static String flipped(String signature) {
        return (signature.startsWith("0") ? "1" : "0") + signature.substring(1);
    }

    private static byte[] filled(int length, byte value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, value);
        return bytes;
    }

    private static String id(byte[] bytes) {
        return "sha256:" + HexFormat.of().formatHex(sha256(bytes));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return HexFormat.of().parseHex(HexFormat.of().toHexDigits((int) crc.getValue()));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
