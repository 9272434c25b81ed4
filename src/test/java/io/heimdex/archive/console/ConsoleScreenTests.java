package io.heimdex.archive.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Client;
import io.heimdex.archive.TestWorker;
import io.heimdex.archive.tenancy.Scope;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.Keys;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** That every screen is fit for every eye, hand and device. */
@BrowserTest
@Timeout(120)
class ConsoleScreenTests {

    private static final String UNKNOWN = "00000000-0000-4000-8000-000000000000";

    @Autowired TestApi api;
    @Autowired TestWorker worker;
    @Autowired JdbcClient jdbc;

    private final String org = TestApi.newOrg();

    @AfterEach
    void thisNodeWorksAgain() {
        worker.resume();
    }

    private String console() {
        return api.base() + "/console/";
    }

    private void signIn(Browser browser, Scope... scopes) {
        browser.openSignedIn(console(), api.as(org, scopes).token());
    }

    private String asset(Client client) throws IOException {
        return client.asset(
                "clip.mkv", Files.readAllBytes(TestApi.sample("chapters-subtitles.mkv")));
    }

    @Test
    void anAssetShowsItsPosterItsSidecarAndTheSidecarsText(Browser browser) throws IOException {
        Client client = api.as(org);
        String asset = asset(client);
        client.sidecarJob(asset);
        signIn(browser, Scope.ADMIN);

        browser.go("#/archive/" + asset);

        browser.await(".poster img");
        browser.see(".sidecar", "Container matroska,webm");
        assertThat(browser.run("return document.querySelector('.poster img').naturalWidth"))
                .isEqualTo(320L);
        assertThat(browser.text(".sidecar")).contains("Chapters", "Subtitles", "Streams");
        browser.assertFit("asset");
        browser.click("As JSON");
        browser.see("pre", "\"schema_version\": \"1.0.0\"");
        browser.assertFit("asset-json");
    }

    @Test
    void aRunningJobIsFollowedWithoutBeingAskedFor(Browser browser) throws IOException {
        worker.pause();
        Client client = api.as(org);
        String job =
                client.post("/v1/assets/" + asset(client) + "/sidecar", Map.of()).text("/job_id");
        signIn(browser, Scope.ADMIN);
        browser.go("#/jobs/" + job);
        browser.see(".head", "queued");
        browser.click("Stop");
        browser.see("dialog", "0 files are done and stay done; 1 would be left.");
        browser.assertFit("stop-asked");
        browser.click("Cancel");

        worker.resume();

        browser.see(".head", "succeeded");
        browser.see("1 of 1 file");
    }

    @Test
    void theListFollowsJobsByTheirEvents(Browser browser) throws IOException {
        worker.pause();
        Client client = api.as(org);
        String job =
                client.post("/v1/assets/" + asset(client) + "/sidecar", Map.of()).text("/job_id");
        signIn(browser, Scope.ADMIN);
        browser.see("table", "queued");

        worker.resume();

        browser.see("table", "succeeded");
        Awaitility.await("the stream's end")
                .until(
                        () ->
                                browser.run(
                                        "return performance.getEntriesByName(new URL(arguments[0], location).href).length",
                                        "/v1/jobs/" + job + "/events"),
                        Long.valueOf(1)::equals);
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void aLongJobsThroughputIsPlottedAndToldInNumbers(Browser browser) throws IOException {
        Client client = api.as(org);
        String job = client.sidecarJob(asset(client)).text("/job_id");
        jdbc.sql(
                        """
                        insert into job_throughput (org_id, job_id, at, done, failed)
                        select :org, :job, date_bin('10 seconds', now(), 'epoch') - n * interval '10 seconds', 1500 + 20 * n, 2 * n
                        from generate_series(1, 30) n
                        """)
                .param("org", org)
                .param("job", UUID.fromString(job))
                .update();
        signIn(browser, Scope.ADMIN);

        browser.go("#/jobs/" + job);

        browser.await("#throughput");
        Awaitility.await("the plot")
                .until(
                        () ->
                                browser.run(
                                        "return Chart.getChart('throughput')?.data.datasets.length"),
                        Long.valueOf(2)::equals);
        browser.click("As a table");
        browser.see(".as-table", "2,100 60");
        browser.assertFit("job-throughput");
    }

    @Test
    void aPhoneShowsEverythingWithoutScrollingSideways(Browser browser) throws IOException {
        Client client = api.as(org);
        String asset = asset(client);
        String job = client.sidecarJob(asset).text("/job_id");
        browser.size(360, 740);
        browser.open(console());
        browser.see("With a token");
        assertNothingIsWider(browser, "sign-in");
        signIn(browser, Scope.ADMIN);
        for (String hash :
                List.of(
                        "jobs",
                        "jobs/" + job,
                        "archive",
                        "archive/" + asset,
                        "run",
                        "workers",
                        "audit")) {
            browser.go("#/" + hash);
            browser.await("h1");
            settled(browser);
            assertNothingIsWider(browser, hash.replaceAll("/.*", "-one"));
        }
        assertThat(browser.errors()).isEmpty();
    }

    private static void assertNothingIsWider(Browser browser, String screen) {
        browser.shoot("phone-" + screen);
        assertThat(browser.run("return document.documentElement.scrollWidth"))
                .as("width of %s", screen)
                .isEqualTo(360L);
        assertThat(browser.barriers()).as("barriers on %s", screen).isEmpty();
    }

    @Test
    void inTheDarkItIsDark(Browser browser) throws IOException {
        Client client = api.as(org);
        String asset = asset(client);
        String job = client.sidecarJob(asset).text("/job_id");
        browser.dark(true);
        signIn(browser, Scope.ADMIN);
        for (String hash : List.of("jobs", "jobs/" + job, "archive", "archive/" + asset, "run")) {
            browser.go("#/" + hash);
            browser.await("h1");
            settled(browser);
            browser.assertFit("dark-" + hash.replaceAll("/.*", "-one"));
        }
        assertThat(brightness(browser)).isLessThan(60);
        browser.dark(false);
        assertThat(brightness(browser)).isGreaterThan(200);
    }

    private static int brightness(Browser browser) {
        String rgb =
                String.valueOf(
                        browser.run("return getComputedStyle(document.body).backgroundColor"));
        return Integer.parseInt(rgb.replaceAll("\\D*(\\d+).*", "$1"));
    }

    private static void settled(Browser browser) {
        Awaitility.await("nothing loads")
                .until(() -> browser.run("return document.querySelector('.loading')") == null);
    }

    @Test
    void theKeyboardAloneWillDo(Browser browser) throws IOException {
        Client client = api.as(org);
        String asset = asset(client);
        client.sidecarJob(asset);
        signIn(browser, Scope.ADMIN);
        browser.see("Nothing is running.");
        browser.tab();
        assertThat(browser.focused()).isEqualTo("Skip to content");
        browser.tab();
        assertThat(browser.focused()).isEqualTo("Jobs");
        browser.tab();
        browser.press(Keys.ENTER);
        browser.see("h1", "Archive");
        browser.see("clip.mkv");
        assertThat(browser.run("return document.activeElement.id")).isEqualTo("main");
        browser.go("#/archive/" + asset);
        browser.see("h1", "clip.mkv");
        browser.tab();
        browser.tab();
        assertThat(browser.focused()).isEqualTo("Probe again");
        browser.press(Keys.ENTER);
        browser.see("dialog", "1 file will be probed");
        assertThat(browser.focused()).isEqualTo("Cancel");
        browser.tab();
        assertThat(browser.focused()).isEqualTo("Probe 1 file");
        browser.press(Keys.ESCAPE);
        Awaitility.await()
                .until(() -> browser.run("return document.querySelector('dialog')") == null);
        assertThat(browser.focused()).isEqualTo("Probe again");
        browser.press(Keys.ENTER);
        browser.see("dialog", "1 file will be probed");
        browser.tab();
        browser.press(Keys.ENTER);
        browser.see(".notice", "succeeded");
    }

    @Test
    void whatFailsIsSaidInTheServicesWords(Browser browser) {
        signIn(browser, Scope.JOBS_READ, Scope.MEDIA_READ);
        browser.go("#/jobs/" + UNKNOWN);
        browser.see("There is no such job");
        browser.see("job_not_found");
        browser.shoot("error-not-found");
        assertThat(browser.barriers()).isEmpty();
        browser.go("#/audit");
        browser.see("This call needs a token with the scope admin.");
        browser.see("admin_scope_required");
        browser.shoot("error-forbidden");
        browser.go("#/archive?status=lost");
        browser.see("validation_failed");
        browser.see("status: must be");
    }

    @Test
    void whatTheServiceSaysIsNeverTakenForHtml(Browser browser) {
        String name = "<img src=x onerror=\"window.fooled = true\">";
        String token =
                api.withToken(null)
                        .post(
                                "/v1/admin/dev-token",
                                Map.of("org_id", org, "user_id", name, "scopes", List.of("admin")))
                        .text("/token");
        browser.openSignedIn(console(), token);

        browser.see(".account", name);

        browser.go("#/archive?container=" + URLEncoder.encode(name, StandardCharsets.UTF_8));
        browser.see("No asset fits.");
        assertThat(browser.run("return window.fooled")).isNull();
        assertThat(browser.errors()).isEmpty();
        assertThat(
                        browser.run(
                                "try { document.body.innerHTML = '<i>'; return 'taken' } catch (e) { return e.name }"))
                .isEqualTo("TypeError");
    }
}
