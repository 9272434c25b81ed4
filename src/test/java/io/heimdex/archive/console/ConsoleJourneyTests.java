package io.heimdex.archive.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.TestApi;
import io.heimdex.archive.TestApi.Client;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;

/** What an operator does with the console, from the first look to the last failure repaired. */
@BrowserTest
@Timeout(180)
class ConsoleJourneyTests {

    @Autowired TestApi api;

    @Test
    void fromAnEmptyServiceToARestartedFailedJob(Browser browser) throws IOException {
        String org = TestApi.newOrg();
        signIn(browser, org);
        nothingIsThereYet(browser);
        Path broken = threeFilesOneOfWhichIsAway(org);
        Path aside = Files.move(broken, broken.resolveSibling("aside"));

        startARun(browser);
        seeWhatFailed(browser);
        probeTheFileAgainInVain(browser);
        Files.move(aside, broken);
        restartTheFailedJob(browser);
        retryTheOneCode(browser);

        everythingIsWrittenDown(browser);
    }

    private void signIn(Browser browser, String org) {
        browser.open(api.base() + "/console");
        browser.see("With a dev token");
        browser.assertFit("01-sign-in");
        browser.type("input[name=org]", org);
        browser.click("Get a token and sign in");
    }

    private static void nothingIsThereYet(Browser browser) {
        browser.see("No jobs yet.");
        browser.assertFit("02-jobs-empty");
        browser.click("Archive");
        browser.see("The archive is empty.");
        browser.assertFit("03-archive-empty");
    }

    private Path threeFilesOneOfWhichIsAway(String org) throws IOException {
        Client client = api.as(org);
        client.asset("concert.mp4", own("h264-aac.mp4"));
        client.asset("interview.webm", own("vp9-opus.webm"));
        String lost = client.asset("rushes.mov", own("prores-timecode.mov"));
        return Path.of(URI.create(client.get("/v1/assets/" + lost).text("/source_uri")));
    }

    private static void startARun(Browser browser) {
        browser.click("New run");
        browser.see("reprobe-missing");
        browser.await("input[value=reprobe-missing]").click();
        browser.see("3 assets would be taken");
        browser.see("rushes.mov");
        browser.assertFit("04-run");
        browser.click("Start the run");
        browser.see("dialog", "A reprobe over 3 assets begins");
        browser.assertFit("05-run-asked");
        browser.click("Start the run");
    }

    private static void seeWhatFailed(Browser browser) {
        browser.see("h1", "reprobe-missing");
        browser.see(".head", "succeeded");
        browser.see("3 of 3 files");
        browser.see("There is no file at the source URI source_not_found");
        browser.see("Attempt 1");
        browser.click("Show files of source_not_found");
        browser.see(".files", "rushes.mov");
        browser.assertFit("06-job-with-failures");
    }

    private static void probeTheFileAgainInVain(Browser browser) {
        browser.click("rushes.mov");
        browser.see("The last probe failed");
        browser.see("source_not_found");
        browser.assertFit("07-asset-failed");
        browser.click("Probe again");
        browser.see("dialog", "1 file will be probed");
        browser.click("Probe 1 file");
        browser.see(".notice", "failed");
        browser.click("Open its job");
        browser.see(".head", "failed");
        browser.see("The job failed");
        browser.assertFit("08-job-failed");
    }

    private static void restartTheFailedJob(Browser browser) {
        browser.click("Restart");
        browser.see("dialog", "1 file will be done in attempt 2 of this job");
        browser.assertFit("09-restart-asked");
        browser.click("Do 1 file again");
        browser.see(".head", "succeeded");
        browser.see("Attempt 2");
        browser.assertFit("10-job-restarted");
    }

    private static void retryTheOneCode(Browser browser) {
        browser.click("Jobs");
        browser.see("Nothing is running.");
        browser.click("reprobe-missing");
        browser.see(".head", "succeeded");
        browser.click("Retry source_not_found");
        browser.see("dialog", "Only files that failed with source_not_found are done again");
        browser.see("dialog", "1 file will be done in attempt 2");
        browser.click("Do 1 file again");
        browser.see("No file failed.");
        browser.see(".head", "succeeded");
        browser.assertFit("11-job-without-failures");
        browser.click("Jobs");
        browser.see("Nothing is running.");
        browser.assertFit("12-jobs");
    }

    private static void everythingIsWrittenDown(Browser browser) {
        browser.click("Audit");
        browser.see("restart");
        browser.see("operator");
        browser.assertFit("13-audit");
        browser.click("Workers");
        browser.see("alive");
        browser.see("Schedules");
        browser.assertFit("14-workers");
        browser.click("Archive");
        browser.see("3 assets");
        browser.see("Dynamic range");
        browser.await("#chart-hdr_class");
        assertThat(bars(browser, "status")).isEqualTo(List.of(3L));
        assertThat(bars(browser, "video_codec")).isEqualTo(List.of(1L, 1L, 1L));
        browser.assertFit("15-archive");
        browser.type("input[name=q]", "rush");
        Awaitility.await("one asset")
                .until(() ->
                        browser.text(".assets tbody").contains("rushes.mov")
                                && !browser.text(".assets tbody").contains("concert"));
        browser.assertFit("16-archive-searched");
    }

    /** How long the bars of a chart were drawn. */
    private static @Nullable Object bars(Browser browser, String chart) {
        String data = "return Chart.getChart('chart-%s')?.data.datasets[0].data".formatted(chart);
        return Awaitility.await(chart).until(() -> browser.run(data), Objects::nonNull);
    }

    /** The sample with bytes of its own, so that no other test has the same asset. */
    private static byte[] own(String sample) throws IOException {
        byte[] bytes = Files.readAllBytes(TestApi.sample(sample));
        byte[] mark = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
        byte[] own = Arrays.copyOf(bytes, bytes.length + mark.length);
        System.arraycopy(mark, 0, own, bytes.length, mark.length);
        return own;
    }
}
