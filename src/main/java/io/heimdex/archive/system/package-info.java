/** What the service says about itself. */
@ApplicationModule(allowedDependencies = {"access", "tenancy", "probe"})
@NullMarked
package io.heimdex.archive.system;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
