/** What a route promises to those who call it, where its signature does not say so. */
@ApplicationModule(allowedDependencies = "problem")
@NullMarked
package io.heimdex.archive.contract;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
