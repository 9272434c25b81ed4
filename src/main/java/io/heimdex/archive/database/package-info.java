/** Where PostgreSQL is: the one that the settings name, or an embedded one. */
@ApplicationModule(allowedDependencies = {"problem", "node", "tenancy"})
@NullMarked
package io.heimdex.archive.database;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
