/** Who may call what: bearer tokens, scopes, dev tokens. */
@ApplicationModule(allowedDependencies = {"problem", "contract", "node", "tenancy"})
@NullMarked
package io.heimdex.archive.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
