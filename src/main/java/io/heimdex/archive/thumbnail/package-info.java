/** Pictures of assets. The only code that starts ffmpeg. */
@ApplicationModule(
        allowedDependencies = {"problem", "telemetry", "storage", "tenancy", "ffmpeg", "probe"})
@NullMarked
package io.heimdex.archive.thumbnail;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
