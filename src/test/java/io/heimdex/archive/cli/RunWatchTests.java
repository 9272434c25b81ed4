package io.heimdex.archive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RunWatchTests {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void aLineTellsHowFarHowFastAndOnHowManyWorkers() {
        assertThat(
                        line(
                                """
                                {"type": "scan", "job_id": "j", "status": "running", "error": null,
                                 "progress": {"total": 10, "done": 3, "failed": 1, "rate_per_s": 2.5,
                                              "eta": null, "workers": 2}}
                                """))
                .isEqualTo("scan j: running, 3/10 done, 1 failed, 2.5/s, 2 workers");
    }

    @Test
    void aLineTellsWhyAJobFailed() {
        assertThat(
                        line(
                                """
                                {"type": "scan", "job_id": "j", "status": "failed",
                                 "error": {"code": "archive_empty", "message": "No file."},
                                 "progress": {"total": 0, "done": 0, "failed": 0, "workers": 0}}
                                """))
                .isEqualTo("scan j: failed, 0/0 done, 0 failed, archive_empty: No file.");
    }

    private static String line(String job) {
        return RunWatch.line(JSON.readTree(job));
    }
}
