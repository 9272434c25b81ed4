/** The Spring Batch jobs. */
@ApplicationModule(
        allowedDependencies = {
            "problem",
            "telemetry",
            "tenancy",
            "quota",
            "storage",
            "probe",
            "thumbnail",
            "sidecar",
            "job",
            "asset",
            "bulk"
        })
@NullMarked
package io.heimdex.archive.pipeline;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
