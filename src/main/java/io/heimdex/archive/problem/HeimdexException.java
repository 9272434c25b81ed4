package io.heimdex.archive.problem;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one base of this service's own exceptions: a code, a sentence for the client, and what else
 * the client needs.
 */
public class HeimdexException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final transient List<FieldProblem> fields;
    private final transient Map<String, String> headers;

    public HeimdexException(ErrorCode code, String detail) {
        this(code, detail, List.of(), Map.of(), null);
    }

    public HeimdexException(ErrorCode code, String detail, @Nullable Throwable cause) {
        this(code, detail, List.of(), Map.of(), cause);
    }

    public HeimdexException(ErrorCode code, String detail, Map<String, String> headers) {
        this(code, detail, List.of(), headers, null);
    }

    private HeimdexException(
            ErrorCode code,
            String detail,
            List<FieldProblem> fields,
            Map<String, String> headers,
            @Nullable Throwable cause) {
        super(detail, cause);
        this.code = code;
        this.fields = fields;
        this.headers = headers;
    }

    /** A request whose named field is wrong: 400 with one entry in {@code errors}. */
    public static HeimdexException invalidField(String field, String message) {
        return new HeimdexException(
                ErrorCode.VALIDATION_FAILED,
                field + ": " + message,
                List.of(new FieldProblem(field, message)),
                Map.of(),
                null);
    }

    public ErrorCode code() {
        return code;
    }

    /**
     * The sentence for the client. Never names a path of this machine, SQL, or another
     * organisation.
     */
    public String detail() {
        return String.valueOf(getMessage());
    }

    List<FieldProblem> fields() {
        return fields;
    }

    Map<String, String> headers() {
        return headers;
    }
}
