package io.heimdex.archive.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Uploads that came to nothing: nothing stays of them. */
@ServiceTest
class UploadReaperTests {

    @Autowired TestApi api;
    @Autowired TestDatabase database;
    @Autowired UploadReaper reaper;

    private final String org = TestApi.newOrg();

    @Test
    void whatNobodyCommittedInTimeGoesWithItsFilesAndItsRow() throws IOException {
        Client client = api.as(org);
        Answer announced = init(client, "announced");
        Answer half = init(client, "half");
        client.put(url(half), new byte[4], "Content-Range", "bytes 0-3/10");
        Answer whole = client.upload("whole", new byte[10]);
        Answer committed = client.upload("committed", new byte[] {1, 2, 3});
        client.commit(uri(committed));
        expire("7 hours");
        Answer fresh = client.upload("fresh", new byte[] {1});
        Answer late = client.upload("late", new byte[] {1});
        expire(late, "5 hours");

        reaper.reap();

        for (Answer gone : new Answer[] {announced, half, whole}) {
            assertThat(rows(gone)).as(gone.json().toString()).isZero();
            assertThat(file(gone).getParent()).doesNotExist();
            assertThat(client.put(expired(url(gone)), new byte[10]).code())
                    .isEqualTo("upload_expired");
            assertThat(commit(client, gone).code()).isEqualTo("upload_not_found");
            assertThat(client.commit(uri(gone)).code()).isEqualTo("source_not_found");
        }
        for (Answer kept : new Answer[] {committed, fresh, late}) {
            assertThat(rows(kept)).isOne();
            assertThat(file(kept)).exists();
        }
        assertThat(commit(client, committed).status()).isEqualTo(200);
        assertThat(client.get("/v1/assets").json().at("/items").size()).isEqualTo(1);
    }

    @Test
    void whatSomebodyWritesToIsLeftUntilNobodyDoes() throws IOException {
        Client client = api.as(org);
        Answer init = init(client, "slow");
        client.put(url(init), new byte[4], "Content-Range", "bytes 0-3/10");
        expire("7 hours");
        Path lockFile = file(init).resolveSibling(".lock");

        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock _ = channel.lock(0, 1, false)) {
            reaper.reap();
            assertThat(rows(init)).isOne();
            assertThat(file(init).resolveSibling(".part")).exists();
        }

        reaper.reap();
        assertThat(rows(init)).isZero();
        assertThat(file(init).getParent()).doesNotExist();
    }

    /** Whoever committed while it was given up. */
    @Test
    void whatWasGivenUpIsCommittedNoMore() {
        Client client = api.as(org);
        Answer init = client.upload("given up", new byte[] {1, 2, 3});
        database.asOwner()
                .sql("update upload set reaped_at = now() where upload_id = :id")
                .param("id", id(init))
                .update();

        assertThat(commit(client, init).code()).isEqualTo("upload_expired");

        assertThat(client.get("/v1/assets").json().at("/items").size()).isZero();
    }

    @Test
    void aUrlThatIsNoneOfOursIsToldSo() {
        Client client = api.as(org);
        String url =
                url(init(client, "a"))
                        .replaceFirst("/v1/uploads/[^?]*", "/v1/uploads/" + UUID.randomUUID());

        assertThat(client.put(url, new byte[10]).code()).isEqualTo("upload_url_invalid");
    }

    private void expire(String ago) {
        database.asOwner()
                .sql("update upload set expires_at = now() - :ago::interval where org_id = :org")
                .param("ago", ago)
                .param("org", org)
                .update();
    }

    private void expire(Answer init, String ago) {
        database.asOwner()
                .sql("update upload set expires_at = now() - :ago::interval where upload_id = :id")
                .param("ago", ago)
                .param("id", id(init))
                .update();
    }

    private int rows(Answer init) {
        return database.asOwner()
                .sql("select count(*) from upload where upload_id = :id")
                .param("id", id(init))
                .query(Integer.class)
                .single();
    }

    private static Answer init(Client client, String name) {
        return client.post("/v1/ingest/init", Map.of("source_name", name, "content_length", 10));
    }

    private static Answer commit(Client client, Answer init) {
        return client.post(
                "/v1/ingest/commit",
                Map.of("upload_id", init.text("/upload_id"), "source_uri", uri(init)));
    }

    private static UUID id(Answer init) {
        return UUID.fromString(init.text("/upload_id"));
    }

    private static String url(Answer init) {
        return init.text("/presigned/upload_url");
    }

    /** As it would read by now. */
    private static String expired(String url) {
        return url.replaceFirst("expires=[0-9]+", "expires=1");
    }

    private static String uri(Answer init) {
        return init.text("/presigned/asset_uri");
    }

    private static Path file(Answer init) {
        return Path.of(URI.create(uri(init)));
    }
}
