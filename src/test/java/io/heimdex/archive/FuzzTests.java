package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.fuzz.Fuzz;
import io.heimdex.archive.fuzz.Fuzz.Report;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Requests of every kind, as many as fit into some seconds; bench/fuzz.sh sends more. */
@ServiceTest
class FuzzTests {

    private static final int REQUESTS = 1500;
    private static final long SEED = 1;

    @Autowired TestApi api;

    @Test
    void noRequestMakesTheServiceFailOrAnswerWhatIsNotDocumented()
            throws IOException, InterruptedException {
        Report report = Fuzz.run(api, REQUESTS, SEED);

        assertThat(report.told()).isEmpty();
        assertThat(report.unreached()).isEmpty();
        assertThat(report.good()).isTrue();
    }
}
