/** The sidecar document of an asset, and where sidecars are kept. */
@ApplicationModule(allowedDependencies = {"problem", "tenancy", "storage", "probe", "thumbnail"})
@NullMarked
package io.heimdex.archive.sidecar;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
