package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What one org has does not exist for another. */
@ServiceTest
class TenantIsolationTests {

    private static final String UNKNOWN_ASSET = "sha256:" + "0123456789abcdef".repeat(4);
    private static final String UNKNOWN_UUID = "9b2f7a31-4c55-4f0e-8d21-6a7c0e1f2b3d";

    @Autowired TestApi api;
    @Autowired JdbcClient jdbc;

    private String owner = "";
    private String stranger = "";
    private Client owning;
    private Client strange;

    @BeforeEach
    void twoOrgs() {
        owner = TestApi.newOrg();
        stranger = TestApi.newOrg();
        owning = api.as(owner);
        strange = api.as(stranger);
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "GET, /sidecar", "POST, /sidecar"})
    void theAssetOfAnotherOrgAnswersAsAnUnknownOne(String method, String what) throws IOException {
        String asset = owning.asset("a.mp4", sample("h264-aac.mp4"));
        owning.sidecarJob(asset);

        Answer foreign = send(strange, method, "/v1/assets/" + asset + what, "{}");
        Answer unknown = send(strange, method, "/v1/assets/" + UNKNOWN_ASSET + what, "{}");

        assertThatProblem(foreign).is(404, "asset_not_found");
        assertSame(foreign, asset, unknown, UNKNOWN_ASSET);
        assertThat(jobsOf(stranger)).isZero();
        assertThat(owning.get("/v1/assets/" + asset + "/sidecar").status()).isEqualTo(200);
    }

    @Test
    void theEtagOfAnotherOrgsSidecarOpensNothing() throws IOException {
        String asset = owning.asset("a.mp4", sample("h264-aac.mp4"));
        owning.sidecarJob(asset);
        String path = "/v1/assets/" + asset + "/sidecar";
        String etag = owning.get(path).response().headers().firstValue("ETag").orElseThrow();
        assertThat(owning.get(path, "If-None-Match", etag).status()).isEqualTo(304);

        assertThatProblem(strange.get(path, "If-None-Match", etag)).is(404, "asset_not_found");
    }

    @Test
    void theJobOfAnotherOrgAnswersAsAnUnknownOne() throws IOException {
        String asset = owning.asset("a.mp4", sample("h264-aac.mp4"));
        String job = owning.sidecarJob(asset).text("/job_id");

        Answer foreign = strange.get("/v1/jobs/" + job);
        Answer unknown = strange.get("/v1/jobs/" + UNKNOWN_UUID);

        assertThatProblem(foreign).is(404, "job_not_found");
        assertSame(foreign, job, unknown, UNKNOWN_UUID);
        assertThat(owning.get("/v1/jobs/" + job).status()).isEqualTo(200);
    }

    @Test
    void theUploadOfAnotherOrgAnswersAsAnUnknownOne() {
        String foreignUpload = owning.upload("a.txt", new byte[] {1}).text("/upload_id");
        String mine = strange.upload("b.txt", new byte[] {2}).text("/presigned/asset_uri");

        Answer foreign = commit(strange, foreignUpload, mine);
        Answer unknown = commit(strange, UNKNOWN_UUID, mine);

        assertThatProblem(foreign).is(404, "upload_not_found");
        assertSame(foreign, foreignUpload, unknown, UNKNOWN_UUID);
    }

    @Test
    void theUploadOfAnotherOrgIsNotEvenTakenWithItsOwnSource() {
        Answer foreign = owning.upload("a.txt", new byte[] {1});

        assertThatProblem(
                        commit(
                                strange,
                                foreign.text("/upload_id"),
                                foreign.text("/presigned/asset_uri")))
                .is(404, "upload_not_found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"commit", "probe"})
    void theUploadedFileOfAnotherOrgIsForbiddenWhetherOrNotItIsThere(String call)
            throws IOException {
        Answer upload = owning.upload("a.mp4", sample("h264-aac.mp4"));
        String there = upload.text("/presigned/asset_uri");
        String absent = there.replace(upload.text("/upload_id"), UUID.randomUUID().toString());

        assertForbiddenAlike(call, there, absent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"commit", "probe"})
    void theArchiveOfAnotherOrgIsForbiddenWhetherOrNotTheFileIsThere(String call) {
        assertForbiddenAlike(
                call, uri(TestApi.sample("h264-aac.mp4")), uri(TestApi.sample("nothing.mp4")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"commit", "probe"})
    void whatIsOutsideOfEveryArchiveIsForbiddenWhetherOrNotItIsThere(String call) {
        assertForbiddenAlike(call, "file:///etc/passwd", "file:///etc/nothing");
        assertForbiddenAlike(call, "file:/etc/passwd", "file:///etc");
        assertForbiddenAlike(
                call,
                uri(Path.of("target/test-data/jwt-secret")),
                uri(Path.of("target/test-data/nothing")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"commit", "probe"})
    void theUploadsOfAnOrgWhoseNameBeginsAlikeAreForbidden(String call) {
        String longer = owner + "-and-more";
        String theirs = api.as(longer).upload("a.txt", new byte[] {1}).text("/presigned/asset_uri");

        assertThatProblem(owning.post("/v1/ingest/" + call, Map.of("source_uri", theirs)))
                .is(403, "source_forbidden");
    }

    @Test
    void aSidecarIsNeverMadeFromAnotherOrgsFile() throws IOException {
        Answer upload = owning.upload("a.mp4", sample("h264-aac.mp4"));
        owning.commit(upload.text("/presigned/asset_uri"));
        String there = upload.text("/presigned/asset_uri");
        String mine = strange.asset("b.mp4", sample("h264-aac.mp4"));
        String path = "/v1/assets/" + mine + "/sidecar";

        Answer foreign = strange.post(path, Map.of("source_uri", there));
        Answer unknown = strange.post(path, Map.of("source_uri", there + "x"));

        assertThatProblem(foreign).is(400, "source_mismatch");
        assertThat(foreign.response().body()).isEqualTo(unknown.response().body());
        assertThat(jobsOf(stranger)).isZero();
    }

    @Test
    void theSameBytesAreAnAssetOfTheirOwnInEachOrg() throws IOException {
        String asset = owning.asset("mine.mp4", sample("h264-aac.mp4"));
        owning.sidecarJob(asset);

        String same = strange.asset("theirs.mp4", sample("h264-aac.mp4"));

        assertThat(same).isEqualTo(asset);
        Answer theirs = strange.get("/v1/assets/" + same);
        assertThat(theirs.text("/status")).isEqualTo("queued");
        assertThat(theirs.text("/org_id")).isEqualTo(stranger);
        assertThat(theirs.response().body()).doesNotContain(owner);
        assertThatProblem(strange.get("/v1/assets/" + same + "/sidecar"))
                .is(404, "sidecar_not_found");
        strange.sidecarJob(same);
        assertThat(strange.get("/v1/assets/" + same + "/sidecar").text("/source/filename"))
                .isEqualTo("theirs.mp4");
        assertThat(owning.get("/v1/assets/" + same + "/sidecar").text("/source/filename"))
                .isEqualTo("mine.mp4");
    }

    static Stream<Arguments> routesThatTakeAnOrg() {
        return Stream.of(
                Arguments.of("/v1/ingest/init", "\"source_name\":\"a\",\"content_length\":1"),
                Arguments.of("/v1/ingest/commit", "\"source_uri\":\"file:///a\""),
                Arguments.of("/v1/ingest/probe", "\"source_uri\":\"file:///a\""),
                Arguments.of("/v1/assets/" + UNKNOWN_ASSET + "/sidecar", "\"source_uri\":null"));
    }

    @ParameterizedTest
    @MethodSource("routesThatTakeAnOrg")
    void aBodyThatNamesAnotherOrgIsRefused(String path, String fields) {
        for (String other : List.of(owner, "", stranger.toUpperCase(Locale.ROOT))) {
            assertThatProblem(strange.post(path, "{\"org_id\":\"" + other + "\"," + fields + "}"))
                    .is(403, "org_scope_mismatch");
        }
    }

    @ParameterizedTest
    @MethodSource("routesThatTakeAnOrg")
    void aBodyThatNamesTheTokensOrgIsTaken(String path, String fields) {
        Answer answer = strange.post(path, "{\"org_id\":\"" + stranger + "\"," + fields + "}");

        assertThat(answer.code()).isIn("", "source_forbidden", "asset_not_found");
    }

    private void assertForbiddenAlike(String call, String there, String absent) {
        Answer one = strange.post("/v1/ingest/" + call, Map.of("source_uri", there));
        Answer other = strange.post("/v1/ingest/" + call, Map.of("source_uri", absent));

        assertThatProblem(one).is(403, "source_forbidden");
        assertThat(one.response().body()).isEqualTo(other.response().body());
        assertThat(one.response().body()).doesNotContain(owner);
    }

    private static void assertSame(
            Answer foreign, String foreignId, Answer unknown, String unknownId) {
        assertThat(foreign.status()).isEqualTo(unknown.status());
        assertThat(foreign.response().body().replace(foreignId, "ID"))
                .isEqualTo(unknown.response().body().replace(unknownId, "ID"));
        assertThat(foreign.response().headers().map().keySet())
                .isEqualTo(unknown.response().headers().map().keySet());
    }

    private static Answer send(Client client, String method, String path, String body) {
        return client.send(
                method, path, BodyPublishers.ofString(body), "Content-Type", "application/json");
    }

    private static Answer commit(Client client, String upload, String source) {
        return client.post("/v1/ingest/commit", Map.of("upload_id", upload, "source_uri", source));
    }

    private long jobsOf(String org) {
        return jdbc.sql("select count(*) from job where org_id = :org")
                .param("org", org)
                .query(Long.class)
                .single();
    }

    private static String uri(Path file) {
        return file.toAbsolutePath().toUri().toString();
    }

    private static byte[] sample(String name) throws IOException {
        return Files.readAllBytes(TestApi.sample(name));
    }
}
