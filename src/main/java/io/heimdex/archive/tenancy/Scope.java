package io.heimdex.archive.tenancy;

import java.util.Arrays;
import java.util.Optional;

/** What a token allows. {@link #ADMIN} implies all. */
public enum Scope {
    MEDIA_READ("media:read"),
    MEDIA_WRITE("media:write"),
    JOBS_READ("jobs:read"),
    JOBS_RUN("jobs:run"),
    JOBS_OPERATE("jobs:operate"),
    ADMIN("admin");

    private final String value;

    Scope(String value) {
        this.value = value;
    }

    /** The scope as tokens carry it. */
    public String value() {
        return value;
    }

    /** Empty for a scope of another service. */
    public static Optional<Scope> parse(String value) {
        return Arrays.stream(values()).filter(scope -> scope.value.equals(value)).findFirst();
    }
}
