/** Runs the tools of FFmpeg on files that nobody vouches for. */
@ApplicationModule(allowedDependencies = {"problem", "storage"})
@NullMarked
package io.heimdex.archive.ffmpeg;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
