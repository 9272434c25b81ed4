package io.heimdex.archive.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.PropertyBindingException;

/** Turns every exception that leaves a controller into a problem document. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemAdvice {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> onOurs(HeimdexException e, HttpServletRequest request) {
        if (e.code().status().is5xxServerError()) {
            log.warn("{} {}: {}", request.getMethod(), request.getRequestURI(), e.code().code(), e);
        }
        HttpHeaders headers = new HttpHeaders();
        e.headers().forEach(headers::set);
        return answer(e.code(), e.detail(), e.fields(), headers, request);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> onInvalid(
            MethodArgumentNotValidException e, HttpServletRequest request) {
        return invalid(
                e.getFieldErrors().stream()
                        .map(error ->
                                new FieldProblem(
                                        SnakeCase.of(error.getField()),
                                        String.valueOf(error.getDefaultMessage())))
                        .toList(),
                request);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> onMismatch(
            MethodArgumentTypeMismatchException e, HttpServletRequest request) {
        return invalid(
                List.of(new FieldProblem(e.getName(), expected(e.getRequiredType()))), request);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> onUnreadable(
            HttpMessageNotReadableException e, HttpServletRequest request) {
        return switch (e.getCause()) {
            case StreamConstraintsException _ ->
                    answer(
                            ErrorCode.REQUEST_TOO_LARGE,
                            "The body is longer or deeper than any request of this service.",
                            request);
            case PropertyBindingException unknown ->
                    invalid(List.of(new FieldProblem(pathOf(unknown), "unknown field")), request);
            case DatabindException wrong when !wrong.getPath().isEmpty() ->
                    invalid(List.of(new FieldProblem(pathOf(wrong), expected(wrong))), request);
            case InputCoercionException outside when !outside.getPath().isEmpty() ->
                    invalid(
                            List.of(new FieldProblem(pathOf(outside), "is too large a number")),
                            request);
            case JacksonException malformed ->
                    answer(
                            ErrorCode.MALFORMED_REQUEST,
                            "The body is not valid JSON" + at(malformed) + ".",
                            request);
            case null, default ->
                    answer(
                            ErrorCode.MALFORMED_REQUEST,
                            "The body is missing or cannot be read.",
                            request);
        };
    }

    /** By the server that reads parameters, or by the firewall around it. */
    @ExceptionHandler({InvalidParameterException.class, RequestRejectedException.class})
    ResponseEntity<ProblemDetail> onUnreadableParameter(HttpServletRequest request) {
        return answer(
                ErrorCode.MALFORMED_REQUEST,
                "The query cannot be read, or holds characters not taken here.",
                request);
    }

    @ExceptionHandler({
        TransientDataAccessException.class,
        DataAccessResourceFailureException.class,
        CannotCreateTransactionException.class
    })
    ResponseEntity<ProblemDetail> onDatabaseAway(Exception e, HttpServletRequest request) {
        log.warn(
                "{} {}: the database cannot answer",
                request.getMethod(),
                request.getRequestURI(),
                e);
        return answer(
                ErrorCode.SERVICE_UNAVAILABLE,
                "The database cannot answer right now; try again.",
                request);
    }

    /** Nobody is there who could be told. */
    @ExceptionHandler
    void onClientGone(AsyncRequestNotUsableException e) {
        log.debug("the client went away", e);
    }

    @ExceptionHandler
    @Nullable ResponseEntity<ProblemDetail> onAnythingElse(
            Exception e, HttpServletRequest request, HttpServletResponse response) {
        if (clientGone(e)) {
            log.debug("the client went away", e);
            return response.isCommitted()
                    ? null
                    : answer(ErrorCode.MALFORMED_REQUEST, "The body was cut off.", request);
        }
        if (e instanceof ErrorResponse spring) {
            ErrorCode code = codeFor(spring.getStatusCode());
            return answer(code, code.title() + ".", List.of(), spring.getHeaders(), request);
        }
        log.error("{} {} failed", request.getMethod(), request.getRequestURI(), e);
        return answer(
                ErrorCode.INTERNAL_ERROR,
                "The request could not be carried out; the log has the cause.",
                request);
    }

    /** Whatever wrote or read meanwhile, and made an exception of its own of it. */
    private static boolean clientGone(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause ->
                        cause instanceof ClientAbortException
                                || cause instanceof AsyncRequestNotUsableException);
    }

    static ErrorCode codeFor(HttpStatusCode status) {
        return switch (status.value()) {
            case 404 -> ErrorCode.NOT_FOUND;
            case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
            case 406 -> ErrorCode.NOT_ACCEPTABLE;
            case 413 -> ErrorCode.UPLOAD_TOO_LARGE;
            case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
            // What the server says of a method, version or encoding that it never heard of.
            case 501, 505 -> ErrorCode.MALFORMED_REQUEST;
            case 503 -> ErrorCode.SERVICE_UNAVAILABLE;
            default ->
                    status.is4xxClientError()
                            ? ErrorCode.MALFORMED_REQUEST
                            : ErrorCode.INTERNAL_ERROR;
        };
    }

    private static String expected(DatabindException e) {
        return e instanceof InvalidFormatException wrong && wrong.getTargetType().isEnum()
                ? expected(wrong.getTargetType())
                : "has the wrong type or format";
    }

    private static String expected(@Nullable Class<?> type) {
        return type == null || !type.isEnum()
                ? "cannot be read"
                : Arrays.stream(type.getEnumConstants())
                        .map(constant -> SnakeCase.of((Enum<?>) constant))
                        .collect(Collectors.joining(", ", "must be one of ", ""));
    }

    private static ResponseEntity<ProblemDetail> invalid(
            List<FieldProblem> fields, HttpServletRequest request) {
        String detail =
                fields.stream()
                        .map(field -> field.field() + ": " + field.message())
                        .collect(Collectors.joining("; "));
        return answer(ErrorCode.VALIDATION_FAILED, detail, fields, new HttpHeaders(), request);
    }

    private static ResponseEntity<ProblemDetail> answer(
            ErrorCode code, String detail, HttpServletRequest request) {
        return answer(code, detail, List.of(), new HttpHeaders(), request);
    }

    private static ResponseEntity<ProblemDetail> answer(
            ErrorCode code,
            String detail,
            List<FieldProblem> fields,
            HttpHeaders headers,
            HttpServletRequest request) {
        return ResponseEntity.status(code.status())
                .headers(headers)
                // Whatever the client accepts, and even if nobody can tell what that is.
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(Problems.of(code, detail, request.getRequestURI(), fields));
    }

    private static String pathOf(JacksonException e) {
        return e.getPath().stream()
                .map(reference -> nameOf(reference.getPropertyName(), reference.getIndex()))
                .collect(Collectors.joining("."));
    }

    private static String nameOf(@Nullable String property, int index) {
        return property != null ? property : Integer.toString(index);
    }

    private static String at(JacksonException e) {
        return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
    }
}
