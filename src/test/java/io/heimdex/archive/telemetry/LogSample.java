package io.heimdex.archive.telemetry;

import io.heimdex.archive.tenancy.OrgId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Writes one line as the service would, in the environment that the environment names. */
final class LogSample {

    private LogSample() {}

    public static void main(String[] arguments) {
        new SpringApplicationBuilder(LogSample.class).web(WebApplicationType.NONE).run(arguments);
        Logger log = LoggerFactory.getLogger("io.heimdex.archive.sample");
        try (LogContext _ = LogContext.job(new OrgId("acme"), "job-1");
                LogContext _ = LogContext.asset("sha256:1")) {
            log.warn("two\nlines", new IllegalStateException("why"));
        }
        log.warn("about nothing");
    }
}
