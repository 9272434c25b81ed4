package io.heimdex.archive.openapi;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.jackson.TypeNameResolver;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes schemas of records as the service writes them: names in snake case, and a name for each
 * schema that follows from its class and is nobody else's.
 */
final class RecordModels extends ModelResolver {

    /** As long as the converters of swagger-core, which are the whole process's. */
    private static final Names NAMES = new Names();

    RecordModels(ObjectMapper mapper) {
        super(mapper.copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE), NAMES);
    }

    /** The class that a schema was made of. */
    static @Nullable Class<?> classOf(String schema) {
        return NAMES.classes.get(schema);
    }

    @Override
    public Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> next) {
        JavaType java = _mapper.constructType(type.getType());
        return java != null && JsonNode.class.isAssignableFrom(java.getRawClass())
                ? new JsonSchema()
                : super.resolve(type, context, next);
    }

    private static final class Names extends TypeNameResolver {

        private final Map<String, Class<?>> classes = new LinkedHashMap<>();

        @Override
        protected String nameForClass(Class<?> type, Set<Options> options) {
            return type.isRecord() ? keep(type, nameOf(type)) : super.nameForClass(type, options);
        }

        @Override
        protected String nameForGenericType(JavaType type, Set<Options> options) {
            String name = super.nameForGenericType(type, options);
            return type.getRawClass().isRecord() ? keep(type.getRawClass(), name) : name;
        }

        private String keep(Class<?> type, String name) {
            Class<?> other = classes.putIfAbsent(name, type);
            if (other != null && other != type) {
                throw new IllegalStateException(
                        "Two records would be the schema %s: %s and %s; give one another name."
                                .formatted(name, type.getName(), other.getName()));
            }
            return name;
        }

        /**
         * {@code JobView.Status} is {@code JobStatus}, {@code AssetController.Accepted} is {@code
         * AssetAccepted}.
         */
        private static String nameOf(Class<?> type) {
            Class<?> around = type.getEnclosingClass();
            return around == null
                    ? type.getSimpleName()
                    : nameOf(around).replaceFirst("(Controller|View)$", "") + type.getSimpleName();
        }
    }
}
