/** What is left of the service's first version, for clients that still call it; off by default. */
@ApplicationModule(
        allowedDependencies = {
            "access",
            "probe",
            "problem",
            "storage",
            "storage :: local",
            "tenancy"
        })
@NullMarked
package io.heimdex.archive.legacy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
