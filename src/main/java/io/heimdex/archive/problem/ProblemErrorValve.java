package io.heimdex.archive.problem;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.util.StringUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * Problem documents for what the server refuses before it looks for an application, such as a path
 * that is no path. Its own page would be HTML.
 */
final class ProblemErrorValve extends ErrorReportValve {

    /** What the server says of headers that it does not read to their end, in its own language. */
    private static final String TOO_LARGE =
            StringManager.getManager(Http11InputBuffer.class)
                    .getString("iib.requestheadertoolarge.error");

    private final JsonMapper json;

    ProblemErrorValve(JsonMapper json) {
        this.json = json;
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        ErrorCode code =
                unreadToken(request, failure)
                        ? ErrorCode.INVALID_TOKEN
                        : ProblemAdvice.codeFor(HttpStatusCode.valueOf(status));
        SafeHeaders.write(request.getRequest(), response.getResponse());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (code == ErrorCode.INVALID_TOKEN) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
        }
        response.setStatus(code.status().value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        try {
            response.getOutputStream()
                    .write(
                            json.writeValueAsBytes(
                                    Problems.of(
                                            code,
                                            code.title() + ".",
                                            Objects.requireNonNullElse(
                                                    request.getRequestURI(), "/"),
                                            List.of())));
            response.finishResponse();
        } catch (IOException _) {
            // Whoever sent this does not wait for the answer.
        }
    }

    /** Whether the headers were too large to find a token in them, be it one of 64 KB. */
    private static boolean unreadToken(Request request, @Nullable Throwable failure) {
        return failure != null
                && TOO_LARGE.equals(failure.getMessage())
                && !StringUtils.hasText(request.getHeader(HttpHeaders.AUTHORIZATION));
    }
}
