package io.heimdex.archive.tenancy;

import java.util.Optional;
import java.util.regex.Pattern;

/** The name of an organisation, as tokens carry it. Safe as a folder's name. */
public record OrgId(String value) {

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public OrgId {
        if (!VALID.matcher(value).matches()) {
            throw new IllegalArgumentException("not an organisation's name: " + value);
        }
    }

    /** Empty if the text is no organisation's name. */
    public static Optional<OrgId> parse(String value) {
        return VALID.matcher(value).matches() ? Optional.of(new OrgId(value)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
