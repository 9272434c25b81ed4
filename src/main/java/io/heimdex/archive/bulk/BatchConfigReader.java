package io.heimdex.archive.bulk;

import io.heimdex.archive.bulk.BatchConfig.Overlap;
import io.heimdex.archive.problem.CannotStartException;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.problem.SnakeCase;
import io.heimdex.archive.storage.MediaStore;
import io.heimdex.archive.tenancy.OrgId;
import jakarta.validation.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.PropertyBindingException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads batch configs, and takes nothing that a run would stumble over. */
@Component
class BatchConfigReader {

    private static final String ALL_ORGS = "all";

    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .build();

    private final MediaStore store;
    private final Validator validator;

    BatchConfigReader(MediaStore store, Validator validator) {
        this.store = store;
        this.validator = validator;
    }

    /**
     * Reads one.
     *
     * @throws CannotStartException naming the file and the field that is wrong
     */
    BatchConfig read(String name, Path file) {
        BatchConfigFile said = parse(file);
        validator.validate(said).stream()
                .map(problem ->
                        SnakeCase.of(problem.getPropertyPath().toString())
                                + ": "
                                + problem.getMessage())
                .sorted()
                .reduce((one, other) -> one + "; " + other)
                .ifPresent(problems -> {
                    throw wrong(file, problems);
                });
        OrgId org = org(file, said.org());
        if (said.type() == RunType.SCAN && org != null) {
            requireArchive(file, org);
        }
        return new BatchConfig(
                name,
                org,
                said.type(),
                Objects.requireNonNullElse(said.onOverlap(), Overlap.REFUSE),
                spec(file, said));
    }

    private static BatchConfigFile parse(Path file) {
        try {
            return YAML.readValue(Files.readString(file), BatchConfigFile.class);
        } catch (PropertyBindingException e) {
            throw wrong(file, pathOf(e) + ": unknown field");
        } catch (DatabindException e) {
            throw wrong(
                    file,
                    e.getPath().isEmpty()
                            ? "must be a map of fields"
                            : pathOf(e) + ": has the wrong type or value");
        } catch (JacksonException e) {
            throw wrong(file, "is not valid YAML, or has a field twice" + at(e));
        } catch (IOException e) {
            throw wrong(file, "cannot be read as UTF-8 text");
        }
    }

    private static @Nullable OrgId org(Path file, @Nullable String text) {
        if (text == null || text.equals(ALL_ORGS)) {
            return null;
        }
        return OrgId.parse(text)
                .orElseThrow(() -> wrong(file, "org: must be the name of an organisation, or all"));
    }

    private void requireArchive(Path file, OrgId org) {
        try {
            store.archive(org);
        } catch (HeimdexException e) {
            if (e.code() == ErrorCode.ARCHIVE_NOT_FOUND) {
                throw wrong(
                        file,
                        "org: heimdex.archives names no folder that is there for " + org.value());
            }
            throw e;
        }
    }

    private static RunSpec spec(Path file, BatchConfigFile said) {
        try {
            return new RunSpec(
                    Objects.requireNonNullElse(said.select(), Selection.NONE).checked(said.type()),
                    Objects.requireNonNullElse(said.options(), RunOptions.DEFAULT)
                            .checked(said.type()));
        } catch (HeimdexException e) {
            throw wrong(file, e.detail());
        }
    }

    private static String pathOf(JacksonException e) {
        return e.getPath().stream()
                .map(part ->
                        part.getPropertyName() == null
                                ? Integer.toString(part.getIndex())
                                : part.getPropertyName())
                .collect(Collectors.joining("."));
    }

    private static String at(JacksonException e) {
        return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
    }

    private static CannotStartException wrong(Path file, String what) {
        return new CannotStartException("batch config " + file + ": " + what);
    }
}
