/** What is inside a media file. The only code that starts ffprobe. */
@ApplicationModule(allowedDependencies = {"problem", "telemetry", "storage", "ffmpeg"})
@NullMarked
package io.heimdex.archive.probe;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
