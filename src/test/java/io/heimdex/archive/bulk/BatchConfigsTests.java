package io.heimdex.archive.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heimdex.archive.ServiceTest;
import io.heimdex.archive.bulk.BatchConfig.Overlap;
import io.heimdex.archive.problem.CannotStartException;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.OrgId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

@ServiceTest
class BatchConfigsTests {

    private static final OrgId DEMO = new OrgId("demo");
    private static final OrgId OTHER = new OrgId("other");

    @TempDir Path folder;
    @Autowired BatchConfigReader reader;

    @Test
    void aFileBecomesARunOfItsName() throws IOException {
        write(
                "nightly.yaml",
                """
                description: Every night.
                type: reprobe
                org: demo
                on_overlap: skip
                select:
                  which: failed
                  failure_codes: [probe_timeout]
                  probed_before: 2026-01-01T00:00:00Z
                options:
                  item_timeout: 20s
                  rate_limit: 12.5
                """);

        BatchConfig config = configs().find(DEMO, "nightly");

        assertThat(config.onOverlap()).isEqualTo(Overlap.SKIP);
        assertThat(config.spec().select().failureCodes()).containsExactly("probe_timeout");
        assertThat(config.spec().select().probedBefore()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(config.spec().options().rateLimit()).isEqualTo(12.5);
    }

    @Test
    void anOrgsRunIsNoOnesElse() throws IOException {
        write("mine.yaml", "type: scan\norg: demo\n");
        write("everyones.yaml", "type: reprobe\nselect: {which: all}\n");
        BatchConfigs configs = configs();

        assertThat(configs.of(DEMO)).extracting(BatchConfig::name).contains("mine", "everyones");
        assertThat(configs.of(OTHER)).extracting(BatchConfig::name).containsExactly("everyones");
        assertThatExceptionOfType(HeimdexException.class)
                .isThrownBy(() -> configs.find(OTHER, "mine"))
                .satisfies(e -> assertThat(e.code().code()).isEqualTo("config_not_found"));
    }

    @Test
    void withoutAFolderThereAreNone() {
        assertThat(new BatchConfigs(new BulkSettings(folder.resolve("nowhere")), reader).of(DEMO))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                                                  | must be a map of fields
                    ~                                                   | must be a map of fields
                    just words                                          | must be a map of fields
                    type: "reprobe                                        | not valid YAML
                    type: reprobe\\ntype: scan                          | a field twice
                    select: {which: all}                                | type: must not be null
                    type: thumbnail                                     | type: has the wrong type or value
                    type: reprobe                                       | select.which: must be given
                    type: reprobe\\nselect: {which: lost}                | select.which: has the wrong type or value
                    type: reprobe\\nselect: {who: all}                   | select.who: unknown field
                    type: reprobe\\nselect: {which: failed, failure_codes: [oops]} | select.failure_codes: names a code
                    type: reprobe\\nselect: {which: all}\\noptions: {chunk_size: 0} | options.chunk_size: must be greater
                    type: reprobe\\nselect: {which: all}\\noptions: {chunk_size: 2.5} | options.chunk_size: has the wrong type
                    type: reprobe\\nselect: {which: all}\\nschedule: daily | schedule: unknown field
                    type: reprobe\\nselect: {which: all}\\non_overlap: queue | on_overlap: has the wrong type or value
                    type: reprobe\\nselect: {which: all}\\norg: a/b     | org: must be the name of an organisation
                    type: scan\\norg: nobody                             | org: heimdex.archives names no folder
                    type: scan\\nselect: {which: all}                    | select: may have nothing but source_prefix
                    """)
    void aMistakeNamesTheFileAndTheField(String text, String message) throws IOException {
        write("wrong.yaml", text.replace("\\n", "\n"));

        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(this::configs)
                .withMessageContaining(folder.resolve("wrong.yaml").toString())
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"Upper.yaml", "with space.yaml", "other-ending.yml"})
    void aFileThatWouldNotBeFoundIsAMistakeToo(String name) throws IOException {
        write(name, "type: reprobe\nselect: {which: all}\n");

        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(this::configs)
                .withMessageContaining(name);
    }

    @Test
    void aFileThatIsNoTextIsAMistake() throws IOException {
        Files.write(folder.resolve("wrong.yaml"), "type: ré".getBytes(StandardCharsets.ISO_8859_1));

        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(this::configs)
                .withMessageContaining("UTF-8");
    }

    private BatchConfigs configs() {
        return new BatchConfigs(new BulkSettings(folder), reader);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
