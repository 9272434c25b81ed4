package io.heimdex.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.heimdex.archive.cli.CommandReference;
import io.heimdex.archive.probe.WarningCode;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.sidecar.SidecarSchema;
import io.heimdex.archive.telemetry.Measure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The reference pages say what the code does. With -Dheimdex.docs.write=true they are written
 * instead of compared.
 */
class DocumentationTests {

    private static final Path REFERENCE = Path.of("docs/reference");

    @Test
    void everyErrorCodeIsListed() throws IOException {
        String rows =
                Stream.of(ErrorCode.values())
                        .map(code ->
                                "| `%s` | %d | %s |"
                                        .formatted(
                                                code.code(), code.status().value(), code.title()))
                        .collect(Collectors.joining("\n"));
        same(
                "error-codes.md",
                """
                # Error codes

                The `code` of a problem document, of a failed asset and of a failed job. A code is never renamed and never
                reused. The status is that of an HTTP answer; for codes about a file it applies to `POST /v1/ingest/probe`.

                | code | status | meaning |
                | --- | --- | --- |
                %s
                """
                        .formatted(rows));
    }

    @Test
    void theSchemaOfSidecarsIsPublished() throws IOException {
        same(SidecarSchema.FILE.getFileName().toString(), SidecarSchema.generate());
    }

    @Test
    void everyWarningIsListed() throws IOException {
        String rows =
                Stream.of(WarningCode.values())
                        .map(code -> "| `%s` | %s |".formatted(code.code(), code.meaning()))
                        .collect(Collectors.joining("\n"));
        same(
                "warning-codes.md",
                """
                # Warning codes

                What a sidecar's `warnings` may hold: the file is media, and something about it is odd. `warning_details` has
                the same codes with a sentence each. A code is never renamed and never reused; new ones may come.

                | code | meaning |
                | --- | --- |
                %s
                """
                        .formatted(rows));
    }

    @Test
    void everyCommandIsListed() throws IOException {
        same("commands.md", CommandReference.page());
    }

    @Test
    void everySettingIsListed() throws IOException {
        JsonNode metadata =
                new JsonMapper()
                        .readTree(
                                Path.of(
                                        "target/classes/META-INF/spring-configuration-metadata.json"));
        String rows =
                metadata.path("properties")
                        .valueStream()
                        .sorted(Comparator.comparing(property -> property.path("name").asString()))
                        .map(property ->
                                "| `%s` | %s | %s |"
                                        .formatted(
                                                property.path("name").asString(),
                                                defaultOf(property),
                                                property.path("description").asString()))
                        .collect(Collectors.joining("\n"));
        same(
                "settings.md",
                """
                # Settings

                Each can be given as a property or as an environment variable (`heimdex.probe.timeout` is
                `HEIMDEX_PROBE_TIMEOUT`). These older names are taken too: `HEIMDEX_ENVIRONMENT` or `HEIMDEX_ENV`,
                `HEIMDEX_DATABASE_URL` or `HEIMDEX_DB_URL`, `HEIMDEX_DATA_DIR`, `HEIMDEX_DERIVED_ROOT`,
                `HEIMDEX_MAX_UPLOAD_SIZE_BYTES`, `HEIMDEX_JWT_SECRET`, `HEIMDEX_JWT_ISSUER`, `HEIMDEX_JWT_AUDIENCE`,
                `HEIMDEX_JWT_ALGORITHM`, `HEIMDEX_ALLOWED_SOURCE_URI_SCHEMES`, `HEIMDEX_LOG_LEVEL`,
                `HEIMDEX_JOB_QUEUE_BACKEND`.

                | property | default | meaning |
                | --- | --- | --- |
                %s
                """
                        .formatted(rows));
    }

    @Test
    void everyMeasureIsListed() throws IOException {
        String rows =
                Stream.of(Measure.values())
                        .map(measure ->
                                "| `%s` | %s | %s | %s |"
                                        .formatted(
                                                Measures.prometheusName(measure),
                                                measure.kind().name().toLowerCase(Locale.ROOT),
                                                measure.tags().stream()
                                                        .map("`%s`"::formatted)
                                                        .collect(Collectors.joining(", ")),
                                                measure.description()))
                        .collect(Collectors.joining("\n"));
        same(
                "metrics.md",
                """
                # Metrics

                At `/actuator/prometheus` on the management port. These are the service's own; beside them are those of its
                libraries, of which the most useful are `spring_batch_job_seconds`, `spring_batch_step_seconds`,
                `spring_batch_chunk_write_seconds`, `http_server_requests_seconds`, `hikaricp_connections_active`,
                `hikaricp_connections_pending`, `jvm_memory_used_bytes`, `process_cpu_usage` and `disk_free_bytes`.

                No label tells orgs, jobs or assets apart: the values of each are few and known. A timer is a histogram: its
                name ends in `_count`, `_sum`, `_max` and `_bucket`. `heimdex_task` and `heimdex_probe` have the label `error`
                too, the name of an exception or `none`, and a second timer of what is under way, `…_active_seconds`.

                | metric | kind | labels | meaning |
                | --- | --- | --- | --- |
                %s
                """
                        .formatted(rows));
    }

    private static String defaultOf(JsonNode property) {
        JsonNode value = property.path("defaultValue");
        return value.isMissingNode() ? "" : "`" + value.asString(value.toString()) + "`";
    }

    private static void same(String name, String expected) throws IOException {
        Path page = REFERENCE.resolve(name);
        if (Boolean.getBoolean("heimdex.docs.write")) {
            Files.writeString(page, expected);
        }
        assertThat(page).content().isEqualTo(expected);
    }
}
