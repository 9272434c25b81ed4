/** The page at {@code /console}, which does nothing that the API does not offer to everybody. */
@ApplicationModule(allowedDependencies = {"problem", "access"})
@NullMarked
package io.heimdex.archive.console;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
