package io.heimdex.archive.telemetry;

import io.heimdex.archive.tenancy.OrgId;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Writes lines as the service would, in the environment that the environment names. */
final class LogSample {

    static final String TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";

    private LogSample() {}

    public static void main(String[] arguments) {
        new SpringApplicationBuilder(LogSample.class).web(WebApplicationType.NONE).run(arguments);
        Logger log = LoggerFactory.getLogger("io.heimdex.archive.sample");
        try (LogContext _ = LogContext.job(new OrgId("acme"), "job-1");
                LogContext _ = LogContext.asset("sha256:1")) {
            log.warn("two\nlines", new IllegalStateException("why"));
        }
        try (MDC.MDCCloseable _ = MDC.putCloseable("asset", TOKEN)) {
            log.atWarn()
                    .addKeyValue("query", "expires=2&signature=00ff11")
                    .setCause(new IllegalStateException(TOKEN, new IOException("Bearer opaque")))
                    .log("Authorization: Bearer {}\r\n", TOKEN);
        }
        log.warn("about nothing");
    }
}
