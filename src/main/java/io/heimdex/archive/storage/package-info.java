/** Where media is: source URIs, what an org may read, the identity of a file, derived files. */
@ApplicationModule(allowedDependencies = {"problem", "telemetry", "tenancy"})
@NullMarked
package io.heimdex.archive.storage;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
