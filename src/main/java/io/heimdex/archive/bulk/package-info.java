/** Runs over many assets: which assets, how, and the requests for them. */
@ApplicationModule(
        allowedDependencies = {
            "problem",
            "contract",
            "tenancy",
            "access",
            "storage",
            "probe",
            "sidecar",
            "job",
            "asset"
        })
@NullMarked
package io.heimdex.archive.bulk;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
