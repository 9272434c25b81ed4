/** Job requests, the launch queue, and what a caller sees of a job. Knows no concrete job. */
@ApplicationModule(
        allowedDependencies = {
            "problem",
            "contract",
            "telemetry",
            "paging",
            "node",
            "tenancy",
            "quota",
            "access",
            "storage"
        })
@NullMarked
package io.heimdex.archive.job;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
