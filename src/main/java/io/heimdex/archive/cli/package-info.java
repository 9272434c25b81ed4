/**
 * What a shell and cron run: {@code heimdex probe} on this machine alone, {@code heimdex migrate}
 * on a database, the other commands against a server.
 */
@ApplicationModule(
        allowedDependencies = {
            "problem",
            "database",
            "storage",
            "storage :: local",
            "probe",
            "sidecar"
        })
@NullMarked
package io.heimdex.archive.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
