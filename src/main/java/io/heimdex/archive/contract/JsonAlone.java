package io.heimdex.archive.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.ApiVersion;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.databind.json.JsonMapper;

/** Bodies are JSON by its own name, and problem documents by theirs. */
final class JsonAlone extends JacksonJsonHttpMessageConverter {

    /** Where the management port is the only one, its answers are written here too. */
    private static final MediaType ACTUATOR =
            MediaType.parseMediaType(ApiVersion.LATEST.getProducedMimeType().toString());

    JsonAlone(JsonMapper json) {
        super(json);
        setSupportedMediaTypes(List.of(MediaType.APPLICATION_JSON));
    }

    @Override
    public boolean canWrite(ResolvableType type, Class<?> body, @Nullable MediaType wanted) {
        return ProblemDetail.class.isAssignableFrom(body)
                ? wanted == null || wanted.isCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON)
                : ACTUATOR.equals(wanted) || super.canWrite(type, body, wanted);
    }
}
