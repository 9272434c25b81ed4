package io.heimdex.archive.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Objects;

/**
 * What every answer tells a browser that comes across it: that it is what it says it is, belongs in
 * no page, loads nothing and tells nobody where it was read.
 */
public final class SafeHeaders {

    private static final String POLICY = "Content-Security-Policy";

    private static final Map<String, String> ALWAYS =
            Map.of(
                    "X-Content-Type-Options", "nosniff",
                    "X-Frame-Options", "DENY",
                    "Referrer-Policy", "no-referrer",
                    "Cross-Origin-Resource-Policy", "same-origin");

    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

    /** The pages that show the documentation bring scripts and styles of their own. */
    private static final String PAGES =
            "default-src 'none'; script-src 'self'; style-src 'self';"
                    + " img-src 'self' data:; connect-src 'self'; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'";

    private static final String TRANSPORT = "Strict-Transport-Security";
    private static final String ONE_YEAR = "max-age=31536000";

    private SafeHeaders() {}

    /** Puts them on an answer. */
    public static void write(HttpServletRequest request, HttpServletResponse response) {
        ALWAYS.forEach(response::setHeader);
        response.setHeader(
                POLICY,
                page(Objects.requireNonNullElse(request.getRequestURI(), "")) ? PAGES : NOTHING);
        if (secure(request)) {
            response.setHeader(TRANSPORT, ONE_YEAR);
        }
    }

    private static boolean page(String path) {
        return path.equals("/docs") || path.startsWith("/docs/");
    }

    /** Over TLS, as far as this server, or what stands before it, tells. */
    private static boolean secure(HttpServletRequest request) {
        return request.isSecure()
                || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"));
    }
}
