package io.heimdex.archive.contract;

import io.heimdex.archive.problem.SnakeCase;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Reads constants in parameters by the names that they have in JSON, and by no others. */
@Configuration(proxyBeanMethods = false)
@SuppressWarnings("rawtypes")
class WireNames implements WebMvcConfigurer, ConverterFactory<String, Enum> {

    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverterFactory(this);
    }

    @Override
    public <T extends Enum> Converter<String, @Nullable T> getConverter(Class<T> type) {
        return name ->
                Arrays.stream(type.getEnumConstants())
                        .filter(constant -> SnakeCase.of(constant).equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no such constant"));
    }
}
