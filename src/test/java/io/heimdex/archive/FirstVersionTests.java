package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The migration page, on tables as the first version made them, in the database of this one. Its
 * statements are run as they stand there.
 */
@ServiceTest
class FirstVersionTests {

    private static final String ORG = "migrated";
    private static final Path ARCHIVE = FreshTestData.ARCHIVES.resolve(ORG);
    private static final Pattern SQL = Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL);

    /** With what matters of them: names, keys and types. */
    private static final String TABLES =
            """
            create type assetstatus as enum ('queued', 'ready', 'processing', 'failed');
            create type jobstatus as enum ('queued', 'running', 'succeeded', 'failed');
            create type jobtype as enum ('thumbnails', 'sidecar');
            create table organizations (org_id varchar(64) primary key);
            create table assets (asset_id varchar(255) primary key, org_id varchar(64) not null references organizations,
                source_uri varchar(1024) not null, status assetstatus not null);
            create table sidecars (asset_id varchar(255) primary key references assets);
            create table thumbnails (id serial primary key, asset_id varchar(255) not null references assets);
            create table jobs (job_id varchar(64) primary key, job_type jobtype not null, status jobstatus not null,
                asset_id varchar(255) references assets);
            create table audit_events (id serial primary key, org_id varchar(64) not null references organizations);
            create table alembic_version (version_num varchar(32) primary key);
            """;

    @Autowired TestApi api;
    @Autowired TestDatabase databases;
    private JdbcClient owner;
    private List<String> page;

    @BeforeEach
    void readThePage() throws IOException {
        owner = databases.asOwner();
        page =
                SQL.matcher(Files.readString(Path.of("docs/how-to/migrate-from-0.1.md")))
                        .results()
                        .map(found -> found.group(1).replaceAll("\\s*;\\s*$", ""))
                        .toList();
        owner.sql(TABLES).update();
    }

    @AfterEach
    void takeTheTablesAway() {
        owner.sql(page.getLast()).update();
        assertThat(owner.sql("select to_regclass('assets')").query(String.class).optional())
                .isEmpty();
    }

    @Test
    void aScanGivesFilesTheIdsThatClientsKnowAndThePageTellsWhatDidNotComeAlong()
            throws IOException {
        Files.createDirectories(ARCHIVE);
        Files.copy(TestApi.sample("h264-aac.mp4"), ARCHIVE.resolve("kept.mp4"));
        owner.sql("insert into organizations values (:org)").param("org", ORG).update();
        // SHA-256 of the sample, as the first version wrote it.
        String known = "sha256:dfa1eb352da76c98e3186475e073547516306ea9b2a2c8a1a8698bfeabb187bb";
        remembered(known, "kept.mp4");
        remembered("weak:0123456789abcdef0123456789abcdef", "gone.mp4");

        Map<String, @Nullable Object> whose = owner.sql(page.getFirst()).query().singleRow();
        assertThat(whose).containsEntry("org_id", ORG).containsEntry("assets", 2L);
        assertThat(whose.get("first_folder"))
                .isEqualTo(whose.get("last_folder"))
                .isEqualTo("file://" + ARCHIVE.toAbsolutePath() + "/");

        Client client = api.as(ORG);
        String scan = client.post("/v1/jobs", Map.of("type", "scan")).text("/job_id");
        assertThat(client.finished(scan).text("/status")).isEqualTo("succeeded");

        assertThat(client.get("/v1/assets/" + known).text("/status")).isEqualTo("ready");
        assertThat(client.get("/v1/assets/" + known + "/sidecar").status()).isEqualTo(200);
        assertThat(owner.sql(page.get(1)).query().listOfRows())
                .extracting(row -> row.get("asset_id"))
                .containsExactly("weak:0123456789abcdef0123456789abcdef");
    }

    private void remembered(String asset, String name) {
        owner.sql("insert into assets values (:id, :org, :uri, 'ready')")
                .param("id", asset)
                .param("org", ORG)
                .param("uri", "file://" + ARCHIVE.toAbsolutePath().resolve(name))
                .update();
        owner.sql("insert into sidecars values (:id)").param("id", asset).update();
    }
}
