package io.heimdex.archive.contract;

import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.problem.SnakeCase;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.util.Arrays;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.converter.AbstractJacksonHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.validation.Validator;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.support.ConfigurableWebBindingInitializer;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/** How requests are read, the same on every route. */
@Configuration(proxyBeanMethods = false)
class ContractConfiguration implements WebMvcConfigurer {

    private final ObjectProvider<JsonMapper> json;

    ContractConfiguration(ObjectProvider<JsonMapper> json) {
        this.json = json;
    }

    /** A number is no text, and a text no number. */
    @Bean
    JsonMapperBuilderCustomizer typesAsDocumented() {
        return builder ->
                builder.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                        .withCoercionConfig(
                                LogicalType.Textual,
                                text ->
                                        text.setCoercion(
                                                        CoercionInputShape.Integer,
                                                        CoercionAction.Fail)
                                                .setCoercion(
                                                        CoercionInputShape.Float,
                                                        CoercionAction.Fail)
                                                .setCoercion(
                                                        CoercionInputShape.Boolean,
                                                        CoercionAction.Fail));
    }

    @Bean
    JacksonModule times() {
        return new SimpleModule("times").addDeserializer(Instant.class, new Times());
    }

    /** There are more formats on the class path than the API speaks. */
    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
        builder.withJsonConverter(new JsonAlone(json.getObject()));
        builder.configureMessageConvertersList(converters ->
                converters.removeIf(converter ->
                        converter instanceof AbstractJacksonHttpMessageConverter<?>
                                && !(converter instanceof JsonAlone)));
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new BodyTypes());
    }

    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverter(String.class, Instant.class, Times::parse);
        registry.addConverterFactory(new WireNames());
    }

    /** Spring Boot takes it for the parameters of all routes. */
    @Bean
    static ConfigurableWebBindingInitializer parametersAsDocumented(
            @Qualifier("mvcConversionService") ConversionService converters,
            @Qualifier("mvcValidator") Validator validator) {
        ConfigurableWebBindingInitializer initializer = new ConfigurableWebBindingInitializer();
        initializer.setConversionService(new LastWord(converters));
        initializer.setValidator(validator);
        return initializer;
    }

    /** Spring takes a body of all types for a fault of its own. */
    private static final class BodyTypes implements HandlerInterceptor {

        @Override
        public boolean preHandle(
                HttpServletRequest request, HttpServletResponse response, Object handler) {
            if (handler instanceof HandlerMethod method
                    && request.getContentType() != null
                    && request.getContentType().contains("*")
                    && Arrays.stream(method.getMethodParameters())
                            .anyMatch(body -> body.hasParameterAnnotation(RequestBody.class))) {
                throw new HeimdexException(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Say which type the body has.");
            }
            return true;
        }
    }

    /** Reads constants by the names that they have in JSON. */
    @SuppressWarnings("rawtypes")
    private static final class WireNames implements ConverterFactory<String, Enum> {

        @Override
        public <T extends Enum> Converter<String, T> getConverter(Class<T> type) {
            return name ->
                    Arrays.stream(type.getEnumConstants())
                            .filter(constant -> SnakeCase.of(constant).equals(name))
                            .findFirst()
                            .orElseThrow(() -> new IllegalArgumentException("no such constant"));
        }
    }
}
