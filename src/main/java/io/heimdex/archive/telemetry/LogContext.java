package io.heimdex.archive.telemetry;

import io.heimdex.archive.tenancy.OrgId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What the log lines of this thread are about, until it is closed. They are fields of structured
 * logs and attributes of spans, never tags of meters.
 */
public final class LogContext implements AutoCloseable {

    static final String ORG = "org";
    static final String JOB = "job";
    static final String ASSET = "asset";
    static final List<String> FIELDS = List.of(ORG, JOB, ASSET);

    private final Map<String, @Nullable String> before = new HashMap<>();

    private LogContext() {}

    public static LogContext org(OrgId org) {
        return new LogContext().with(ORG, org.value());
    }

    public static LogContext job(OrgId org, String job) {
        return org(org).with(JOB, job);
    }

    /** One asset of the org and job that the thread is at work for. */
    public static LogContext asset(String asset) {
        return new LogContext().with(ASSET, asset);
    }

    private LogContext with(String field, String value) {
        before.put(field, MDC.get(field));
        MDC.put(field, value);
        return this;
    }

    @Override
    public void close() {
        before.forEach((field, value) -> {
            if (value == null) {
                MDC.remove(field);
            } else {
                MDC.put(field, value);
            }
        });
    }
}
