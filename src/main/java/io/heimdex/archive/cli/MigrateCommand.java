package io.heimdex.archive.cli;

import io.heimdex.archive.database.Migration;
import java.util.concurrent.Callable;
import org.springframework.core.NestedExceptionUtils;
import picocli.CommandLine.Command;

@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Brings the database of HEIMDEX_DATABASE_URL to this version, as the role of",
            "HEIMDEX_MIGRATION_DATABASE_URL, and ends. Nodes need no right to do so then."
        })
final class MigrateCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        try {
            Migration.run();
            return 0;
        } catch (RuntimeException e) {
            throw new CliException(
                    "the database is not migrated: "
                            + NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        }
    }
}
