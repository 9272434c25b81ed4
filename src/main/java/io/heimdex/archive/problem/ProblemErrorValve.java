package io.heimdex.archive.problem;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Problem documents for what the server refuses before it looks for an application, such as a path
 * that is no path. Its own page would be HTML.
 */
final class ProblemErrorValve extends ErrorReportValve {

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
        ErrorCode code = ProblemAdvice.codeFor(HttpStatusCode.valueOf(status));
        SafeHeaders.write(request.getRequest(), response.getResponse());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
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
}
