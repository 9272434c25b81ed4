package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Answer;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.bulk.ArchiveInventory;
import io.heimdex.archive.bulk.ArchiveInventory.Unread;
import io.heimdex.archive.job.JobId;
import io.heimdex.archive.job.JobScope;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.storage.SourceUri;
import io.heimdex.archive.tenancy.OrgId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;

/** An archive folder, and what scans make of what happens in it. */
@ServiceTest
class ScanTests {

    private static final String ORG = "scanned";
    private static final Path ARCHIVE = FreshTestData.ARCHIVES.resolve(ORG);

    private static final String[] BAD_NAMES = {
        "bad%FE.wav invalid_source_uri", "bad%FF.wav invalid_source_uri"
    };

    @Autowired TestApi api;
    @Autowired ArchiveInventory inventory;
    @Autowired JdbcClient jdbc;
    private Client client;

    @BeforeEach
    void emptyArchive() throws IOException {
        client = api.as(ORG);
        FileSystemUtils.deleteRecursively(ARCHIVE);
        Files.createDirectories(ARCHIVE);
        jdbc.sql("delete from asset where org_id = :org").param("org", ORG).update();
    }

    @Test
    void everyFileBecomesAnAssetWithASidecarOnce() throws IOException {
        write("a.wav", 1);
        write("deep/er/b.wav", 2);
        Files.copy(ARCHIVE.resolve("a.wav"), ARCHIVE.resolve("the same.wav"));
        Files.writeString(ARCHIVE.resolve("notes.txt"), "no media");

        Answer first = scan();

        assertThat(first.text("/status")).isEqualTo("succeeded");
        assertThat(counts(first)).isEqualTo("total=4 succeeded=3 failed=1 unchanged=0 missing=0");
        assertThat(statuses()).containsExactlyInAnyOrder("failed", "ready", "ready");
        assertThat(failures(first)).containsExactly("notes.txt invalid_media");
        String asset = client.commit(uri("a.wav")).text("/asset_id");
        assertThat(client.get("/v1/assets/" + asset + "/sidecar").status()).isEqualTo(200);

        Answer second = scan();
        assertThat(counts(second)).isEqualTo("total=4 succeeded=0 failed=0 unchanged=4 missing=0");
    }

    @Test
    void aChangedFileIsProbedAgainAndOneThatIsGoneIsSaidToBe() throws IOException {
        write("stays.wav", 1);
        write("changes.wav", 2);
        write("goes.wav", 3);
        scan();
        String gone = client.commit(uri("goes.wav")).text("/asset_id");
        String before = client.commit(uri("changes.wav")).text("/asset_id");
        write("changes.wav", 4);
        Files.delete(ARCHIVE.resolve("goes.wav"));

        Answer scan = scan();

        assertThat(counts(scan)).isEqualTo("total=2 succeeded=1 failed=0 unchanged=1 missing=1");
        Answer missing = client.get("/v1/assets/" + gone);
        assertThat(missing.text("/status")).isEqualTo("failed");
        assertThat(missing.text("/failure/code")).isEqualTo("source_not_found");
        Answer replaced = client.get("/v1/assets/" + before);
        assertThat(replaced.text("/status")).isEqualTo("failed");
        assertThat(replaced.text("/failure/code")).isEqualTo("source_changed");

        write("goes.wav", 3);
        assertThat(counts(scan())).isEqualTo("total=3 succeeded=1 failed=0 unchanged=2 missing=0");
        assertThat(client.get("/v1/assets/" + gone).text("/status")).isEqualTo("ready");
    }

    @Test
    void aFileThatWasMovedKeepsItsAsset() throws IOException {
        write("here.wav", 1);
        scan();
        String asset = client.commit(uri("here.wav")).text("/asset_id");
        Files.move(
                ARCHIVE.resolve("here.wav"),
                ARCHIVE.resolve("there.wav"),
                StandardCopyOption.ATOMIC_MOVE);

        Answer scan = scan();

        assertThat(counts(scan)).isEqualTo("total=1 succeeded=1 failed=0 unchanged=0 missing=1");
        Answer moved = client.get("/v1/assets/" + asset);
        assertThat(moved.text("/status")).isEqualTo("ready");
        assertThat(moved.text("/source_uri")).isEqualTo(uri("there.wav"));
        assertThat(statuses()).hasSize(1);
    }

    @Test
    void anAssetOfSeveralFilesIsWhereOneOfThemStillIs() throws IOException {
        write("one.wav", 1);
        write("other file.wav", 1);
        write("third.wav", 1);
        scan();
        String asset = ids().getFirst();
        for (String next : List.of("gone", "replaced")) {
            Path before = place(asset);
            Files.delete(before);
            if (next.equals("replaced")) {
                write(before.getFileName().toString(), 2);
            }

            scan();

            assertThat(client.get("/v1/assets/" + asset).text("/status")).isEqualTo("ready");
            assertThat(place(asset)).as(next).exists().isNotEqualTo(before);
            assertThat(client.sidecarJob(asset).text("/status")).as(next).isEqualTo("succeeded");
            assertThat(client.get("/v1/assets/" + asset + "/sidecar").text("/source/filename"))
                    .isEqualTo(place(asset).getFileName().toString());
        }
    }

    private Path place(String asset) {
        return Path.of(URI.create(client.get("/v1/assets/" + asset).text("/source_uri")));
    }

    @Test
    void aFileThatMadeRoomForAnotherKeepsItsAssetToo() throws IOException {
        write("b.wav", 1);
        scan();
        String asset = client.commit(uri("b.wav")).text("/asset_id");
        for (String to : List.of("c.wav", "a.wav")) {
            String from = to.equals("c.wav") ? "b.wav" : "c.wav";
            Files.move(ARCHIVE.resolve(from), ARCHIVE.resolve(to), StandardCopyOption.ATOMIC_MOVE);
            write(from, to.charAt(0));

            scan();

            Answer moved = client.get("/v1/assets/" + asset);
            assertThat(moved.text("/status")).as(to).isEqualTo("ready");
            assertThat(moved.text("/source_uri")).isEqualTo(uri(to));
        }
    }

    @Test
    void hashingCanBeLeftForALaterScan() throws IOException {
        write("a.wav", 1);

        Map<String, Object> weak =
                Map.of("type", "scan", "options", Map.of("weak_threshold_bytes", 0));
        scan(weak);
        assertThat(ids()).singleElement().asString().startsWith("weak:");
        assertThat(counts(scan(weak)))
                .isEqualTo("total=1 succeeded=0 failed=0 unchanged=1 missing=0");

        assertThat(counts(scan())).isEqualTo("total=1 succeeded=1 failed=0 unchanged=0 missing=0");
        assertThat(ids()).singleElement().asString().startsWith("sha256:");
    }

    @Test
    void aScanOfAFolderLeavesTheRestAlone() throws IOException {
        write("in/a.wav", 1);
        write("out/b.wav", 2);
        scan();
        Files.delete(ARCHIVE.resolve("in/a.wav"));
        Files.delete(ARCHIVE.resolve("out/b.wav"));

        Answer scan = scan(Map.of("type", "scan", "select", Map.of("source_prefix", uri("in"))));

        assertThat(counts(scan)).isEqualTo("total=0 succeeded=0 failed=0 unchanged=0 missing=1");
    }

    @Test
    void aNameThatCannotBeWrittenIsAFailureAndTheRestGoesOn() throws Exception {
        write("good.wav", 1);
        new ProcessBuilder("sh", "-c", "cp good.wav \"$(printf 'bad\\377.wav')\"")
                .directory(ARCHIVE.toFile())
                .start()
                .waitFor();
        new ProcessBuilder("sh", "-c", "cp good.wav \"$(printf 'bad\\376.wav')\"")
                .directory(ARCHIVE.toFile())
                .start()
                .waitFor();

        Answer scan = scan();

        assertThat(counts(scan)).isEqualTo("total=3 succeeded=1 failed=2 unchanged=0 missing=0");
        assertThat(failures(scan)).containsExactlyInAnyOrder(BAD_NAMES);

        client.post("/v1/jobs/" + scan.text("/job_id") + "/restart", Map.of());
        Answer again = client.finished(scan.text("/job_id"));
        assertThat(again.text("/status")).isEqualTo("succeeded");
        assertThat(again.json().path("attempt").asInt()).isEqualTo(2);
        assertThat(failures(again)).containsExactlyInAnyOrder(BAD_NAMES);
    }

    /** Root reads every folder, so what a walk says of one is said here. */
    @Test
    void whatIsInAFolderThatCannotBeReadIsNotMissing() throws IOException {
        write("locked/a.wav", 1);
        write("lockedout.wav", 2);
        scan();
        JobScope scan =
                new JobScope(new OrgId(ORG), new JobId(UUID.fromString(scan().text("/job_id"))));
        jdbc.sql("update asset_source set seen_job = null where org_id = ?").param(ORG).update();
        inventory.unreadable(
                scan,
                2,
                List.of(
                        new Unread(
                                uri("locked"), ErrorCode.SOURCE_FORBIDDEN, "It cannot be read.")));

        inventory.markMissing(scan, SourceUri.parse(uri("locked").replace("/locked", "")));

        assertThat(
                        jdbc.sql(
                                        "select source_uri from asset_source"
                                                + " where org_id = ? and missing_since is not null")
                                .param(ORG)
                                .query(String.class)
                                .list())
                .containsExactly(uri("lockedout.wav"));
    }

    @Test
    void aRestartLooksAgainAtWhatFailedInFiles() throws IOException {
        Files.writeString(ARCHIVE.resolve("late.wav"), "not yet");
        Answer scan = scan();
        assertThat(counts(scan)).isEqualTo("total=1 succeeded=0 failed=1 unchanged=0 missing=0");

        client.post("/v1/jobs/" + scan.text("/job_id") + "/restart", Map.of());

        Answer again = client.finished(scan.text("/job_id"));
        assertThat(again.json().path("attempt").asInt()).isEqualTo(2);
        assertThat(failures(again)).containsExactly("late.wav invalid_media");
    }

    @Test
    void anArchiveThatIsEmptyAllAtOnceMarksNothingAsMissing() throws IOException {
        write("a.wav", 1);
        scan();
        Files.delete(ARCHIVE.resolve("a.wav"));

        Answer scan = scan();

        assertThat(scan.text("/status")).isEqualTo("failed");
        assertThat(scan.text("/error/code")).isEqualTo("archive_empty");
        assertThat(statuses()).containsExactly("ready");
    }

    private Answer scan() {
        return scan(Map.of("type", "scan"));
    }

    private Answer scan(Map<String, Object> request) {
        return client.finished(client.post("/v1/jobs", request).text("/job_id"));
    }

    private static String counts(Answer job) {
        StringBuilder text = new StringBuilder();
        for (String name : List.of("total", "succeeded", "failed", "unchanged", "missing")) {
            text.append(name)
                    .append('=')
                    .append(job.json().at("/result/counts/" + name).asString("?"))
                    .append(' ');
        }
        return text.toString().strip();
    }

    private List<String> failures(Answer job) {
        return client.get("/v1/jobs/" + job.text("/job_id") + "/failures")
                .json()
                .path("items")
                .valueStream()
                .map(item -> {
                    String uri = item.path("source_uri").asString();
                    return uri.substring(uri.lastIndexOf('/') + 1)
                            + " "
                            + item.path("code").asString();
                })
                .toList();
    }

    private List<String> statuses() {
        return column("status");
    }

    private List<String> ids() {
        return column("asset_id");
    }

    private List<String> column(String name) {
        return jdbc.sql("select " + name + " from asset where org_id = :org")
                .param("org", ORG)
                .query((row, _) -> row.getString(1))
                .list();
    }

    private static String uri(String name) throws IOException {
        String archive = ARCHIVE.toRealPath().toUri().toString();
        return archive + (archive.endsWith("/") ? "" : "/") + name;
    }

    /** A file of its own content; written with a new time each time. */
    private static void write(String name, int content) throws IOException {
        byte[] wav = Files.readAllBytes(TestApi.sample("tone-mono-8khz.wav"));
        byte[] unique = Arrays.copyOf(wav, wav.length + 1);
        unique[wav.length] = (byte) content;
        Path file = ARCHIVE.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, unique);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(content)));
    }
}
