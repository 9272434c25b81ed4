/** What this node does among the others: answer the API, run jobs, or both. */
@ApplicationModule(allowedDependencies = "problem")
@NullMarked
package io.heimdex.archive.node;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
