package io.heimdex.archive.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.heimdex.archive.HeimdexApplication;
import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestDatabase;
import io.heimdex.archive.TestWorker;
import io.heimdex.archive.bulk.ScheduleSettings.Schedule;
import io.heimdex.archive.job.Recurrences;
import io.heimdex.archive.problem.CannotStartException;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.tenancy.OrgId;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Runs that the service starts by itself, on nodes of their own over the tests' database. */
@ServiceTest
class SchedulesTests {

    private static final String SCHEDULE = "heimdex.schedules.tick";

    private static final BatchConfig EVERYWHERE =
            new BatchConfig(
                    "everywhere",
                    null,
                    RunType.SCAN,
                    BatchConfig.Overlap.SKIP,
                    new RunSpec(Selection.NONE, RunOptions.DEFAULT));

    @TempDir Path configs;
    @Autowired TestDatabase databases;
    @Autowired JdbcClient jdbc;
    @Autowired BatchConfigs shipped;
    @Autowired Recurrences recurrences;
    @Autowired TestWorker worker;
    @Autowired ScheduledRuns scheduled;
    @Autowired MediaStore store;

    private final String org = TestApi.newOrg();

    @BeforeEach
    void config() throws IOException {
        Files.writeString(
                configs.resolve("mine.yaml"),
                "type: reprobe\norg: %s\non_overlap: skip\nselect: {which: missing}\n"
                        .formatted(org));
    }

    @AfterEach
    void forgetTheSchedule() {
        jdbc.sql("delete from scheduled_tasks where task_name = 'schedule-tick'").update();
    }

    @Test
    void twoNodesWithOneScheduleRunItOnce() {
        String[] settings = {
            SCHEDULE + ".cron=* * * * * *",
            SCHEDULE + ".config=mine",
            "heimdex.schedules.off.cron=-",
            "heimdex.schedules.off.config=mine"
        };
        try (ConfigurableApplicationContext one = node(settings);
                ConfigurableApplicationContext two = node(settings)) {
            assertThat(List.of(one.isRunning(), two.isRunning())).containsOnly(true);
            int ofOne = runs().count();
            await().atMost(Duration.ofSeconds(30)).until(() -> runs().count() >= ofOne + 5);
            itsTimetableIsShown((ServletWebServerApplicationContext) one);
        }

        Runs runs = runs();
        assertThat(runs.count()).isLessThanOrEqualTo(runs.seconds() + 2);
        assertThat(
                        jdbc.sql("select distinct requested_by from job where org_id = ?")
                                .param(org)
                                .query(String.class)
                                .list())
                .containsExactly("schedule:tick");
    }

    /** By nobody's request: what starts it reaches every org, and each gets a run of its own. */
    @Test
    void aConfigOfAllOrgsIsRunForEachOfThem() throws IOException {
        Instant due = Instant.parse("2026-01-01T03:00:00Z");
        worker.pause();
        try {
            scheduled.start("all", EVERYWHERE, due);
            scheduled.start("all", EVERYWHERE, due);

            assertThat(orgsRunBy("all"))
                    .containsExactlyInAnyOrderElementsOf(withArchive())
                    .hasSizeGreaterThan(1);
        } finally {
            stop("all");
        }
    }

    @Test
    void anOrgWhoseRunTheDatabaseRefusesDoesNotKeepTheOthersFromTheirs() throws IOException {
        OrgId first = withArchive().getFirst();
        databases
                .asOwner()
                .sql(
                        "alter table job add constraint broken"
                                + " check (requested_by <> 'schedule:broken' or org_id <> '%s') not valid"
                                        .formatted(first))
                .update();
        worker.pause();
        try {
            assertThatThrownBy(() ->
                            scheduled.start(
                                    "broken", EVERYWHERE, Instant.parse("2026-01-01T03:00:00Z")))
                    .isInstanceOf(DataAccessException.class);

            assertThat(orgsRunBy("broken")).hasSize(withArchive().size() - 1).doesNotContain(first);
        } finally {
            databases.asOwner().sql("alter table job drop constraint broken").update();
            stop("broken");
        }
    }

    /** Some have archives that are not there, which is told and keeps nobody else from theirs. */
    private List<OrgId> withArchive() {
        return store.archives().stream().filter(this::hasArchive).toList();
    }

    private boolean hasArchive(OrgId one) {
        try {
            store.archive(one);
            return true;
        } catch (HeimdexException _) {
            return false;
        }
    }

    private List<OrgId> orgsRunBy(String schedule) {
        return jdbc.sql("select org_id from job where requested_by = ?")
                .param("schedule:" + schedule)
                .query((row, _) -> new OrgId(row.getString(1)))
                .list();
    }

    private void stop(String schedule) {
        jdbc.sql("update job set stop_requested_at = now() where requested_by = ?")
                .param("schedule:" + schedule)
                .update();
        worker.resume();
    }

    private void itsTimetableIsShown(ServletWebServerApplicationContext node) {
        TestApi there = new TestApi(node);
        JsonNode items = there.as(org, Scope.JOBS_READ).get("/v1/schedules").json().path("items");
        assertThat(items).hasSize(2);
        assertThat(items.at("/0").toString())
                .isEqualTo(
                        """
                        {"name":"off","config":"mine","type":"reprobe","when":"- UTC",\
                        "next_at":null,"last_at":null,"enabled":false}\
                        """);
        JsonNode tick = items.at("/1");
        assertThat(tick.path("name").asString()).isEqualTo("tick");
        assertThat(tick.path("when").asString()).isEqualTo("* * * * * * UTC");
        assertThat(tick.path("enabled").asBoolean()).isTrue();
        assertThat(Instant.parse(tick.path("next_at").asString()))
                .isAfter(Instant.now().minusSeconds(60));
        assertThat(Instant.parse(tick.path("last_at").asString()))
                .isAfter(Instant.now().minusSeconds(60));
        assertThat(there.as(TestApi.newOrg(), Scope.ADMIN).get("/v1/schedules").response().body())
                .isEqualTo("{\"items\":[]}");
    }

    @Test
    void aScheduleOfAllOrgsIsShownToEach() {
        Schedule nightly =
                new Schedule("30 1 * * *", "reprobe-missing", ZoneId.of("Europe/Berlin"));
        Timetable timetable =
                new Timetable(
                        new ScheduleSettings(Map.of("nightly", nightly)), shipped, recurrences);

        assertThat(timetable.of(new OrgId(org)))
                .containsExactly(
                        new Timetable.Entry(
                                "nightly",
                                "reprobe-missing",
                                RunType.REPROBE,
                                "30 1 * * * Europe/Berlin",
                                null,
                                null,
                                true));
    }

    @ParameterizedTest
    @CsvSource({
        "never,        mine,   cron: must be five fields",
        "'',           mine,   cron: must be five fields",
        "61 * * * *,   mine,   cron: must be five fields",
        "0 3 * * *,    '',     config: there is no batch config",
        "0 3 * * *,    theirs, config: there is no batch config theirs"
    })
    void aScheduleThatCannotRunKeepsTheNodeFromStarting(
            String cron, String config, String message) {
        assertThatThrownBy(() -> node(SCHEDULE + ".cron=" + cron, SCHEDULE + ".config=" + config))
                .hasRootCauseInstanceOf(CannotStartException.class)
                .rootCause()
                .hasMessageContaining(SCHEDULE + "." + message);
    }

    /** How many runs there were, and from the first to the last how many times one was due. */
    private record Runs(int count, int seconds) {}

    private Runs runs() {
        return jdbc.sql(
                        "select count(*) as count,"
                                + " coalesce(extract(epoch from max(requested_at) - min(requested_at)), 0)::int"
                                + " as seconds from job where org_id = ? and config = 'mine'")
                .param(org)
                .query(Runs.class)
                .single();
    }

    private ConfigurableApplicationContext node(String... settings) {
        List<String> all = new ArrayList<>();
        for (String setting : settings) {
            all.add("--" + setting);
        }
        all.addAll(
                List.of(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--heimdex.data-dir=target/test-data",
                        "--heimdex.local.first-run=false",
                        "--heimdex.bulk.configs-dir=" + configs,
                        "--heimdex.database.url=" + databases.url(),
                        "--heimdex.database.migration-url=" + databases.migrationUrl(),
                        "--spring.main.register-shutdown-hook=false"));
        return new SpringApplicationBuilder(HeimdexApplication.class)
                .run(all.toArray(String[]::new));
    }
}
