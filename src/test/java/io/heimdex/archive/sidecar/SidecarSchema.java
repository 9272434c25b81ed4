package io.heimdex.archive.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jackson.JacksonSchemaModule;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema of sidecars: how it is made from the record, and the check against it. */
public final class SidecarSchema {

    /** The published schema. */
    public static final Path FILE = Path.of("docs/reference/sidecar-1.0.json");

    private static final Schema SCHEMA = read();

    private SidecarSchema() {}

    /** Fails if the sidecar is not as the published schema says. */
    public static void check(JsonNode sidecar) {
        assertThat(
                        SCHEMA.validate(
                                sidecar.toString(),
                                InputFormat.JSON,
                                context ->
                                        context.executionConfig(
                                                config -> config.formatAssertionsEnabled(true))))
                .as("what is wrong with %s", sidecar)
                .isEmpty();
    }

    /** The schema as the record asks for it. */
    public static String generate() {
        SchemaGeneratorConfigBuilder config =
                new SchemaGeneratorConfigBuilder(
                                SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                        .with(
                                Option.DEFINITIONS_FOR_ALL_OBJECTS,
                                Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
                        .with(
                                new JacksonSchemaModule(
                                        JacksonOption.FLATTENED_ENUMS_FROM_JSONPROPERTY));
        config.forFields()
                .withPropertyNameOverrideResolver(SidecarSchema::name)
                .withNullableCheck(SidecarSchema::nullable)
                .withRequiredCheck(_ -> true);
        config.forTypesInGeneral()
                .withCustomDefinitionProvider((type, context) ->
                        type.getErasedType() == Instant.class
                                ? new CustomDefinition(
                                        context.getGeneratorConfig()
                                                .createObjectNode()
                                                .put("type", "string")
                                                .put("format", "date-time"),
                                        true)
                                : null);
        ObjectNode schema =
                new SchemaGenerator(config.build()).generateSchema(SidecarDocument.class);
        schema.put("$id", "urn:heimdex:schema:sidecar:1.0");
        schema.put("title", "Heimdex sidecar 1.0");
        ((ObjectNode) schema.path("properties"))
                .putObject("ffprobe")
                .put("description", "The answer of ffprobe as it was; only if it was asked for.");
        return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
    }

    private static @Nullable String name(FieldScope field) {
        JsonProperty given = field.getAnnotation(JsonProperty.class);
        return given == null || given.value().isEmpty()
                ? field.getDeclaredName()
                        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
                        .toLowerCase(Locale.ROOT)
                : given.value();
    }

    private static boolean nullable(FieldScope field) {
        return field.getRawMember().getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static Schema read() {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Files.readString(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
