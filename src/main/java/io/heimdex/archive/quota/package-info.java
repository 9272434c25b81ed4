/** How much an org may have and do, and how slowly. */
@ApplicationModule(allowedDependencies = {"problem", "tenancy"})
@NullMarked
package io.heimdex.archive.quota;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
