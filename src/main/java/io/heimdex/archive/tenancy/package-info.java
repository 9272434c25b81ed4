/** Organisations and who is calling. */
@ApplicationModule(allowedDependencies = {"problem"})
@NullMarked
package io.heimdex.archive.tenancy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
