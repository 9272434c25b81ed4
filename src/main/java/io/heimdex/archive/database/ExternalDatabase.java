package io.heimdex.archive.database;

import io.heimdex.archive.problem.CannotStartException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** A database that the settings name. */
record ExternalDatabase(String jdbcUrl, @Nullable String username, @Nullable String password)
        implements JdbcConnectionDetails {

    /** Not read by java.net.URI, which knows no host with an underscore. */
    private static final Pattern LIBPQ =
            Pattern.compile(
                    "postgres(?:ql)?(?:\\+[a-z0-9]+)?://"
                            + "(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?"
                            + "(?<host>[^:@/?#%\\s\\[\\]]*|\\[[0-9A-Fa-f:.]+\\])"
                            + "(?<rest>(?::[0-9]{1,5})?(?:/[^@?#\\s]*)?(?:\\?[^#\\s]*)?)");

    /**
     * Reads a URL in its JDBC or its libpq form. A driver's name after {@code postgresql+} is taken
     * and ignored.
     *
     * @throws CannotStartException if it is neither
     */
    static ExternalDatabase of(String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            return new ExternalDatabase(url, null, null);
        }
        Matcher parts = LIBPQ.matcher(url);
        if (!parts.matches()) {
            throw unreadable();
        }
        String host = parts.group("host").isEmpty() ? "localhost" : parts.group("host");
        return new ExternalDatabase(
                "jdbc:postgresql://" + host + parts.group("rest"),
                decode(parts.group("user")),
                decode(parts.group("password")));
    }

    private static @Nullable String decode(@Nullable String part) {
        try {
            return part == null
                    ? null
                    : URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw unreadable();
        }
    }

    /** The URL may hold a password: neither the message nor a cause repeats any of it. */
    private static CannotStartException unreadable() {
        return new CannotStartException(
                "HEIMDEX_DATABASE_URL is neither jdbc:postgresql:… nor "
                        + "postgresql://user:password@host:port/name with a percent-encoded password");
    }

    @Override
    public String getJdbcUrl() {
        return jdbcUrl;
    }

    @Override
    public @Nullable String getUsername() {
        return username;
    }

    @Override
    public @Nullable String getPassword() {
        return password;
    }

    @Override
    public String toString() {
        return "ExternalDatabase";
    }
}
