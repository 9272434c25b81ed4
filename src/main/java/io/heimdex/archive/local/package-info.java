/** What the local profile does at start: the sidecar job over the demo archive. */
@ApplicationModule(
        allowedDependencies = {"problem", "node", "tenancy", "storage", "job", "asset", "ingest"})
@NullMarked
package io.heimdex.archive.local;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
