package io.heimdex.archive;

import static io.heimdex.archive.ProblemAssert.assertThatProblem;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.util.FileSystemUtils;

/** What an org may have and do, and what it is told when that is not enough. */
@ServiceTest
class QuotaTests {

    @Autowired TestApi api;
    @Autowired TestDatabase database;
    @Autowired TestWorker worker;

    @AfterEach
    void thisNodeWorksAgain() {
        worker.resume();
    }

    @Test
    void anOrgThatSendsTooManyRequestsIsToldWhenToGoOn() {
        Client client = anew("few-requests", "request_budget");
        List<String> left = new ArrayList<>();
        Answer answer = client.get("/v1/jobs");
        Instant first = Instant.now();
        while (answer.status() == 200) {
            assertThat(header(answer, "RateLimit-Policy")).isEqualTo("\"requests\";q=6;w=60");
            left.add(header(answer, "RateLimit"));
            answer = client.get("/v1/jobs");
        }

        // One more for every ten seconds that this took.
        long meanwhile = Instant.now().getEpochSecond() - first.getEpochSecond();
        assertThat(left).hasSizeBetween(6, (int) (7 + meanwhile / 10));
        assertThat(left.getFirst()).isEqualTo("\"requests\";r=5;t=10");
        assertThatProblem(answer).is(429, "rate_limited");
        String wait = header(answer, "Retry-After");
        assertThat(Integer.parseInt(wait)).isBetween(1, 10);
        assertThat(header(answer, "RateLimit")).isEqualTo("\"requests\";r=0;t=" + wait);
        assertThat(api.as(TestApi.newOrg()).get("/v1/jobs").status()).isEqualTo(200);
        // What shows no token is nobody's request.
        assertThatProblem(api.withToken("x").get("/v1/jobs")).is(401, "invalid_token");
        assertThat(api.withToken(null).get("/v1/health").status()).isEqualTo(200);
    }

    @Test
    void whatAnOrgUploadsInADayIsCounted() {
        Client client = anew("few-bytes", "upload_day", "upload");

        assertQuota(init(client, 1001), "upload_quota_exceeded");
        assertThat(client.put(url(init(client, 600)), new byte[600]).status()).isEqualTo(204);
        assertThat(counted("few-bytes")).isEqualTo(600);
        assertQuota(init(client, 401), "upload_quota_exceeded");
        Answer both = init(client, 300);
        Answer late = init(client, 300);
        assertThat(client.put(url(both), new byte[300]).status()).isEqualTo(204);

        // Announced while there was room.
        Answer answer = client.put(url(late), new byte[300]);

        assertQuota(answer, "upload_quota_exceeded");
        assertThat(Integer.parseInt(header(answer, "Retry-After")))
                .isBetween(1, 86_401)
                .isCloseTo(
                        86_400 - LocalTime.now(ZoneOffset.UTC).toSecondOfDay(),
                        org.assertj.core.data.Offset.offset(60));
        assertThat(header(answer, "RateLimit-Policy"))
                .isEqualTo("\"uploads\";q=1000;qu=\"content-bytes\";w=86400");
        assertThatProblem(client.commit(uri(late))).is(404, "source_not_found");
        assertThat(client.commit(uri(both)).status()).isEqualTo(200);
    }

    @Test
    void bytesThatDidNotComeAreGivenBack() throws IOException {
        Client client = anew("few-bytes", "upload_day", "upload");
        Answer init = init(client, 900);
        try (Exchange cut = raw(init, 900)) {
            cut.send(new byte[100]);
            Awaitility.await("they are counted").until(() -> counted("few-bytes") == 900);
        }
        Awaitility.await("they are given back").until(() -> counted("few-bytes") == 100);

        byte[] rest = new byte[800];
        assertThat(client.put(url(init), rest, "Content-Range", "bytes 100-899/900").status())
                .isEqualTo(204);
        assertThat(counted("few-bytes")).isEqualTo(900);
    }

    @Test
    void bytesAreCountedEvenIfTheirNumberIsNotTold() {
        Client client = anew("few-bytes", "upload_day", "upload");
        Answer first = init(client, 600);
        Answer second = init(client, 600);
        stream(client, first, new byte[600]);

        assertQuota(stream(client, second, new byte[600]), "upload_quota_exceeded");
        assertThat(counted("few-bytes")).isEqualTo(600);
    }

    @Test
    void anOrgHasNoMoreAssetsThanItMay() {
        Client client = anew("few-assets", "asset", "upload");
        String first = client.asset("a", bytes("first"));
        client.asset("b", bytes("second"));
        Answer third = client.upload("c", bytes("third"));

        assertQuota(client.commit(uri(third)), "asset_quota_exceeded");
        assertThat(client.asset("again", bytes("first"))).isEqualTo(first);

        client.delete("/v1/assets/" + first);
        assertThat(client.commit(uri(third)).status()).isEqualTo(200);
        assertQuota(
                client.commit(uri(client.upload("d", bytes("fourth")))), "asset_quota_exceeded");
    }

    @Test
    void aScanTakesNoMoreFilesThanTheOrgMayHave() throws IOException {
        Client client = anew("few-assets", "asset", "upload");
        Path archive = FreshTestData.ARCHIVES.resolve("few-assets");
        FileSystemUtils.deleteRecursively(archive);
        Files.createDirectories(archive);
        client.asset("a", bytes("first"));
        client.asset("b", bytes("second"));
        Files.copy(TestApi.sample("tone-mono-8khz.wav"), archive.resolve("a.wav"));

        String job = client.post("/v1/jobs", Map.of("type", "scan")).text("/job_id");
        client.finished(job);

        assertThat(client.get("/v1/jobs/" + job + "/failures").text("/items/0/code"))
                .isEqualTo("asset_quota_exceeded");
        assertThat(client.get("/v1/assets").json().at("/items").size()).isEqualTo(2);
    }

    @Test
    void anOrgHasNoMoreJobsWaitingThanItMay() throws IOException {
        Client client = anew("few-jobs", "upload");
        String asset =
                client.asset("a.wav", Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav")));
        String path = "/v1/assets/" + asset + "/sidecar";
        worker.pause();
        List<String> jobs = new ArrayList<>();
        jobs.add(client.post(path, Map.of(), "Idempotency-Key", "k" + asset).text("/job_id"));
        jobs.add(client.post(path, Map.of()).text("/job_id"));

        assertQuota(client.post(path, Map.of()), "job_quota_exceeded");
        assertThat(client.post(path, Map.of(), "Idempotency-Key", "k" + asset).status())
                .isEqualTo(202);
        Client other = api.as(TestApi.newOrg());
        String others = other.asset("a.wav", bytes("another's"));
        assertThat(other.post("/v1/assets/" + others + "/sidecar", Map.of()).status())
                .isEqualTo(202);

        worker.resume();
        jobs.forEach(client::finished);
        assertThat(client.post(path, Map.of()).status()).isEqualTo(202);
    }

    @Test
    void anOrgHasNoMoreUploadsAtOnceThanItMay() throws IOException {
        Client client = anew("few-uploads", "upload");
        Answer slow = init(client, 10);
        Answer other = init(client, 10);
        try (Exchange exchange = raw(slow, 10)) {
            exchange.send(new byte[5]);
            Awaitility.await("it is being received")
                    .until(() -> Files.exists(file(slow).resolveSibling(".part")));

            assertQuota(client.put(url(other), new byte[10]), "too_many_uploads");
            Client stranger = api.as(TestApi.newOrg());
            assertThat(stranger.put(url(init(stranger, 1)), new byte[1]).status()).isEqualTo(204);

            exchange.send(new byte[5]);
            assertThat(exchange.reply().status()).isEqualTo(204);
        }
        assertThat(client.put(url(other), new byte[10]).status()).isEqualTo(204);
    }

    @Test
    void anOrgAnnouncesNoMoreUploadsThanItMay() {
        Client client = anew("few-uploads", "upload");
        Answer first = init(client, 10);
        init(client, 10);
        init(client, 10);
        assertQuota(init(client, 10), "too_many_uploads");

        client.put(url(first), new byte[10]);
        client.commit(uri(first));

        assertThat(init(client, 10).status()).isEqualTo(201);
    }

    private static void assertQuota(Answer answer, String code) {
        assertThatProblem(answer).is(429, code);
        assertThat(Integer.parseInt(header(answer, "Retry-After"))).isPositive();
    }

    /** As an org that has done nothing yet: the database is of earlier runs too. */
    private Client anew(String org, String... tables) {
        for (String table : tables) {
            database.asOwner()
                    .sql("delete from " + table + " where org_id = :org")
                    .param("org", org)
                    .update();
        }
        return api.as(org);
    }

    private long counted(String org) {
        return database.asOwner()
                .sql("select coalesce(sum(bytes), 0) from upload_day where org_id = :org")
                .param("org", org)
                .query(Long.class)
                .single();
    }

    private static Answer init(Client client, long length) {
        return client.post(
                "/v1/ingest/init", Map.of("source_name", "a.bin", "content_length", length));
    }

    private static Answer stream(Client client, Answer init, byte[] bytes) {
        return client.send(
                "PUT",
                url(init),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)));
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

    private static String url(Answer init) {
        return init.text("/presigned/upload_url");
    }

    private static String uri(Answer init) {
        return init.text("/presigned/asset_uri");
    }

    private static Path file(Answer init) {
        return Path.of(URI.create(uri(init)));
    }

    private static String header(Answer answer, String name) {
        return answer.response().headers().firstValue(name).orElse("");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
