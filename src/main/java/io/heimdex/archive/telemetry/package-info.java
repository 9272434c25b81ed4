/** What is measured, traced and logged: one list of all measures, and what log lines are about. */
@ApplicationModule(allowedDependencies = {"problem", "tenancy"})
@NullMarked
package io.heimdex.archive.telemetry;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
