/** Lists that are shown in parts. */
@ApplicationModule(allowedDependencies = "problem")
@NullMarked
package io.heimdex.archive.paging;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
