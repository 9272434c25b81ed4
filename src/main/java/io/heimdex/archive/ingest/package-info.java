/** How a file comes in: upload, commit, or a look without keeping anything. */
@ApplicationModule(
        allowedDependencies = {
            "problem",
            "contract",
            "telemetry",
            "tenancy",
            "quota",
            "access",
            "storage",
            "probe",
            "sidecar",
            "asset"
        })
@NullMarked
package io.heimdex.archive.ingest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
