package io.heimdex.archive.database;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** A database that the settings name. */
record ExternalDatabase(String jdbcUrl, @Nullable String username, @Nullable String password)
        implements JdbcConnectionDetails {

    /**
     * Reads a URL in its JDBC or its libpq form. A driver's name after {@code postgresql+} is taken
     * and ignored.
     *
     * @throws IllegalStateException if it is neither
     */
    static ExternalDatabase of(String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            return new ExternalDatabase(url, null, null);
        }
        if (!url.matches("postgres(ql)?(\\+[a-z0-9]+)?://.*")) {
            // The URL may hold a password and is not repeated here.
            throw new IllegalStateException(
                    "HEIMDEX_DATABASE_URL is neither jdbc:postgresql:… nor postgresql://…");
        }
        URI uri = URI.create(url);
        String host = uri.getHost() == null ? "localhost" : uri.getHost();
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String[] user =
                uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
        return new ExternalDatabase(
                "jdbc:postgresql://" + host + port + uri.getRawPath() + query,
                user.length > 0 ? decode(user[0]) : null,
                user.length > 1 ? decode(user[1]) : null);
    }

    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
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
