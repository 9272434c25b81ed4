package io.heimdex.archive.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        problem.setType(type(code));
        problem.setTitle(code.title());
        problem.setInstance(instance(instance));
        problem.setProperty("code", code.code());
        if (!fields.isEmpty()) {
            problem.setProperty("errors", fields);
        }
        return problem;
    }

    /** A path may be one that no URI can be made of, such as two slashes. */
    private static URI instance(String path) {
        try {
            return new URI(null, null, path, null);
        } catch (URISyntaxException _) {
            return URI.create("/");
        }
    }

    /** The document where Spring's own serialisation is not at hand. */
    static Map<String, Object> asMap(ErrorCode code, String detail) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", type(code).toString());
        document.put("title", code.title());
        document.put("status", code.status().value());
        document.put("detail", detail);
        document.put("instance", "/");
        document.put("code", code.code());
        return document;
    }

    private static URI type(ErrorCode code) {
        return URI.create("urn:heimdex:problem:" + code.code());
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
