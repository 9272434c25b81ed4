/** How a failure is named and told: error codes, the one base exception, problem documents. */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.heimdex.archive.problem;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
