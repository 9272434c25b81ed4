package io.heimdex.archive.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Makes problem documents (RFC 9457), and writes one where no controller is at hand. */
@Component
public class Problems {

    private final JsonMapper json;

    Problems(JsonMapper json) {
        this.json = json;
    }

    static ProblemDetail of(
            ErrorCode code, String detail, String instance, List<FieldProblem> fields) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(code.status(), detail);
        problem.setType(URI.create("urn:heimdex:problem:" + code.code()));
        problem.setTitle(code.title());
        problem.setInstance(uri(instance));
        problem.setProperty("code", code.code());
        if (!fields.isEmpty()) {
            problem.setProperty("errors", fields);
        }
        return problem;
    }

    /** The path as it was sent, or the root if it is none that may stand in a document. */
    private static URI uri(String path) {
        try {
            return new URI(path);
        } catch (URISyntaxException _) {
            return URI.create("/");
        }
    }

    /**
     * Answers the request with a problem document. Used by filters, which run outside the
     * controllers' advice.
     */
    public void write(
            HttpServletRequest request, HttpServletResponse response, ErrorCode code, String detail)
            throws IOException {
        response.setStatus(code.status().value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        json.writeValue(
                response.getOutputStream(), of(code, detail, request.getRequestURI(), List.of()));
    }
}
