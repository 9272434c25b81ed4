package io.heimdex.archive.bulk;

import io.heimdex.archive.problem.CannotStartException;
import io.heimdex.archive.problem.ErrorCode;
import io.heimdex.archive.problem.HeimdexException;
import io.heimdex.archive.tenancy.OrgId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The named runs, one per file, as they were when this node started. */
@Component
public class BatchConfigs {

    private static final Logger log = LoggerFactory.getLogger(BatchConfigs.class);
    private static final Pattern FILE = Pattern.compile("([a-z0-9][a-z0-9-]{0,62})\\.yaml");
    private static final Pattern MEANT_AS_ONE = Pattern.compile("[^.].*\\.ya?ml");

    private final Map<String, BatchConfig> byName = new TreeMap<>();

    BatchConfigs(BulkSettings settings, BatchConfigReader reader) {
        Path folder = settings.configsDir();
        for (Path file : files(folder)) {
            Matcher name = FILE.matcher(file.getFileName().toString());
            if (!name.matches()) {
                throw new CannotStartException(
                        "batch config "
                                + file
                                + ": its name must be of a-z, 0-9 and -, and end in .yaml");
            }
            byName.put(name.group(1), reader.read(name.group(1), file));
        }
        log.info("{} batch configs in {}", byName.size(), folder);
    }

    private static List<Path> files(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> MEANT_AS_ONE.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CannotStartException(
                    "heimdex.bulk.configs-dir: " + folder + " is no folder that can be read");
        }
    }

    /** Those that the org may run, by name. */
    public Collection<BatchConfig> of(OrgId org) {
        return byName.values().stream().filter(config -> config.isFor(org)).toList();
    }

    /**
     * One that the org may run.
     *
     * @throws HeimdexException {@code config_not_found}
     */
    public BatchConfig find(OrgId org, String name) {
        return find(name)
                .filter(config -> config.isFor(org))
                .orElseThrow(() ->
                        new HeimdexException(
                                ErrorCode.CONFIG_NOT_FOUND,
                                "There is no batch config of that name; GET /v1/batch-configs lists them."));
    }

    Optional<BatchConfig> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
