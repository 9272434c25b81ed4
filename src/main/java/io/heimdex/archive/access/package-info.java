/** Who may call what: bearer tokens, scopes, dev tokens. */
@ApplicationModule(
        allowedDependencies = {"problem", "contract", "telemetry", "node", "tenancy", "quota"})
@NullMarked
package io.heimdex.archive.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
