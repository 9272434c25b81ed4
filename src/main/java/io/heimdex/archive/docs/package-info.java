/** The document of the API, and a page to read it on. */
@ApplicationModule(allowedDependencies = {"contract", "access"})
@NullMarked
package io.heimdex.archive.docs;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
