/** What goes into the log: no line but our own, and nobody's token. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.heimdex.archive.logging;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
